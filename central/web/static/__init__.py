"""Files that browsers fetch: style, script, icons. All of our own making."""

"""What a city writes about its figures in YAML: every mistake is told by line and column, and none is half taken."""

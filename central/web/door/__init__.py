"""The way to the pages: signing in, sessions, pictures and files, and the guard against foreign sites."""

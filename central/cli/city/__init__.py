"""What a city lays down, on the command line: standards, ground, limits."""

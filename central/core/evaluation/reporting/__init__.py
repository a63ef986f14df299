"""The report of a year and its forms: what they say, before any file format."""

"""Decisions about proof: how large a picture is, what a clip holds, what the day's bytes are spent on."""

"""The demonstration detector: a small network trained on the drawn street, not for real streets."""

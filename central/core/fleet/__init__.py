"""Boxes and their cameras: what is known of them, what they send, and how far central has it. Pure."""

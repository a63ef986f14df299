"""Work on one open transaction: facts are gathered once, decided one by one, written together."""

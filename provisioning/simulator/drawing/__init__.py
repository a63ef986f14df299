"""How the simulated street is drawn: every stroke, from the paving to the lens. Same seed, same pixels."""

"""Figures: counted, measured, targeted, scored, published, and what an evaluation takes from them."""

"""Everything that shows Gridwarden to be right; never part of the wheel."""

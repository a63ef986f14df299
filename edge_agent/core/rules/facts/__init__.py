"""Facts that scenes share: who stands in a zone, who is near a thing, what is beyond a door, what was done."""

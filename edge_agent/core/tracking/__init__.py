"""Which detection is which object: the tracker and the assignment that it rests on."""

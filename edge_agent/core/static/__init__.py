"""What stands in front of the empty street: pixel by pixel, then as regions with an identity."""

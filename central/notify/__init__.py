"""How central reaches people."""

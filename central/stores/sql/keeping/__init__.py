"""Stores of what is kept and what goes: retention, seals, tombstones."""

"""Stores of figures: facts, devices, series."""

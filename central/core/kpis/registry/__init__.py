"""What each figure is: counters, conditions, formulas, names, units, sources."""

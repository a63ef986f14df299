"""How detectors write what they see: one table of layouts, a module for each family, and which one a file is."""

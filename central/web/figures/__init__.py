"""The figures page: how a city stands in a period, each figure opened to its definition, its months and its cases."""

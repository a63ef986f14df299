"""Readers of the measures that are no counts of cases: each gives the parts of which a figure is the sum."""

from central.services.figures.measuring.grounds import Grounds
from central.services.figures.measuring.readers import MEASURES, read, read_page

__all__ = ["MEASURES", "Grounds", "read", "read_page"]

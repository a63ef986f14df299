"""Registers that figures need and no machine can know: rosters, cases handled outside, population, duty. Pure."""

from central.core.registers.entries import Entry, Register, Written, overlap_of, standing
from central.core.registers.reading import COLUMNS, written_of, written_rows
from central.core.registers.refusals import EntryRefused

__all__ = [
    "COLUMNS",
    "Entry",
    "EntryRefused",
    "Register",
    "Written",
    "overlap_of",
    "standing",
    "written_of",
    "written_rows",
]

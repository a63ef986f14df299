"""Standards (立案标准): under which conditions a class of problems becomes a case, and what then holds for it. Pure.

A city imports its table as a book; books have versions, and a case keeps the version it was registered under.
"""

from central.core.standards.book import (
    ClassKind,
    ClassNode,
    Recurrence,
    Standard,
    StandardBook,
    codes_of_scene,
    standard_id,
)
from central.core.standards.changes import Changes, changes
from central.core.standards.faults import Fault
from central.core.standards.reading import Draft, Refused, read_standards
from central.core.standards.sheet import SheetRow

__all__ = [
    "Changes",
    "ClassKind",
    "ClassNode",
    "Draft",
    "Fault",
    "Recurrence",
    "Refused",
    "SheetRow",
    "Standard",
    "StandardBook",
    "changes",
    "codes_of_scene",
    "read_standards",
    "standard_id",
]

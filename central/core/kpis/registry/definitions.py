"""What a definition of a figure says: names, subject, formula, unit, better way, source and how sure that is."""

from dataclasses import dataclass
from enum import StrEnum

from central.core.kpis.registry.formulas import Formula
from central.core.kpis.registry.subjects import Subject
from protocol.texts import Words


class Confidence(StrEnum):
    """How sure the definition is: written in a standard, by a vendor or a city, by practice, or ours."""

    STANDARD = "A"
    VENDOR = "B"
    PRACTICE = "C"
    OURS = "P"


class Better(StrEnum):
    """Which way a figure should go."""

    HIGHER = "higher"
    LOWER = "lower"


class Unit(StrEnum):
    """In what a figure is told."""

    RATIO = "ratio"
    SECONDS = "seconds"
    POINTS = "points"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure by its definition. `needs_public`: it means nothing where no public channel runs."""

    id: str
    names: Words
    subject: Subject
    formula: Formula
    source: str
    confidence: Confidence
    unit: Unit = Unit.RATIO
    better: Better = Better.HIGHER
    minimum_sample: int = 30
    needs_public: bool = False
    note: Words | None = None

"""What a definition of a figure says: names, subject, formula, unit, better way, source and how sure that is."""

from collections.abc import Mapping
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


CONFIDENCE_WORDS: Mapping[Confidence, Words] = {
    Confidence.STANDARD: Words(
        zh="标准或已公布的数字可复算", en="a standard, or a published figure that it reproduces"
    ),
    Confidence.VENDOR: Words(zh="厂商或其他城市的文本", en="a vendor's or another city's text"),
    Confidence.PRACTICE: Words(zh="业内惯例，无文本", en="practice without a text"),
    Confidence.OURS: Words(zh="本项目自定", en="our own"),
}


class Better(StrEnum):
    """Which way a figure should go."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"
    """It tells how things are; no change of it is a merit or a fault by itself."""


class Unit(StrEnum):
    """In what a figure is told."""

    RATIO = "ratio"
    SECONDS = "seconds"
    POINTS = "points"
    MONEY = "money"


UNIT_WORDS: Mapping[Unit, Words] = {
    Unit.RATIO: Words(zh="比例", en="share"),
    Unit.SECONDS: Words(zh="秒", en="seconds"),
    Unit.POINTS: Words(zh="分", en="points"),
    Unit.MONEY: Words(zh="元", en="CNY"),
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure by its definition. `needs_public`: it means nothing in a city where no public channel runs."""

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

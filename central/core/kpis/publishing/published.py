"""One figure as a published month holds it: its numbers, and what keeps them honest."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from central.core.kpis.caveats import bounds, caveats, is_unsure
from central.core.kpis.figures import Bounds, Figure
from central.core.kpis.phases import Note
from central.core.kpis.registry.indicators import INDICATORS
from protocol.texts import Language, Words

NUMBERS_ALONE = 1
"""The form of months whose figures hold no more than their numbers."""


@dataclass(frozen=True, slots=True)
class Published:
    """One figure as published; `value` is None where there was none, and `reason` says why, as it was said then.

    `is_below_minimum`, `bounds`, `notes`: as of the figure. What was published in the form `NUMBERS_ALONE` holds
    nothing behind `total`.
    """

    indicator: str
    group: str
    value: float | None
    hits: int
    total: int
    is_below_minimum: bool = False
    reason: Words | None = None
    bounds: Bounds | None = None
    notes: tuple[Note, ...] = ()

    @classmethod
    def of(cls, one: Figure) -> Self:
        """A figure as it is published."""
        return cls(
            one.indicator, one.group, one.value, one.hits, one.total,
            one.is_below_minimum, one.reason, one.bounds, one.notes,
        )  # fmt: skip

    @property
    def figure(self) -> Figure:
        """The figure, as far as it was published."""
        return Figure(
            self.indicator, self.value, self.reason, self.hits, self.total, group=self.group,
            is_below_minimum=self.is_below_minimum, bounds=self.bounds, notes=self.notes,
        )  # fmt: skip

    @property
    def key(self) -> tuple[str, str]:
        """Which figure of whom."""
        return self.indicator, self.group

    def content(self, form: int) -> list[object]:
        """What is sealed."""
        numbers: list[object] = [self.indicator, self.group, _number(self.value), self.hits, self.total]
        if form == NUMBERS_ALONE:
            return numbers
        reason = None if self.reason is None else [self.reason.zh, self.reason.en]
        edges = None if self.bounds is None else [_number(edge) for edge in self.bounds]
        return [*numbers, self.is_below_minimum, reason, edges, list(self.notes)]

    def weighed(self, form: int) -> tuple[object, ...]:
        """What a later fact changes, and no other wording of a later release, of what a form holds."""
        numbers = (self.indicator, self.group, self.value, self.hits, self.total)
        return numbers if form == NUMBERS_ALONE else (*numbers, self.bounds)


def remarks(one: Published, language: Language) -> Iterator[str]:
    """Why there is no figure, or what makes it less sure than it looks; nothing where the form held nothing of it."""
    if one.value is None:
        if one.reason is not None:
            yield one.reason.say(language)
    elif one.indicator in INDICATORS:
        yield from (words.say(language) for words in caveats(one.figure))


def bounds_words(one: Published, language: Language) -> str:
    """Between what the value lies; empty where nothing is unknown."""
    known = one.value is not None and one.indicator in INDICATORS
    return bounds(one.figure).say(language) if known and is_unsure(one.figure) else ""


def _number(value: float | None) -> str | None:
    return None if value is None else repr(float(value))

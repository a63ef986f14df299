"""Conditions over facts as data: evaluated here, translated to SQL by the stores, told in both languages.

A moment counts when it lies not after `as_of`, so that a figure can be asked as of an earlier time.
"""

from dataclasses import dataclass
from datetime import datetime

from central.core.kpis.facts import CaseFact
from central.core.kpis.registry.wording import FIELD_WORDS, value_words
from protocol.texts import Language, Words


@dataclass(frozen=True, slots=True)
class Known:
    """The moment `field` has come."""

    field: str


@dataclass(frozen=True, slots=True)
class Passed:
    """The deadline `field` lies before `as_of`; one that nobody knows has not passed."""

    field: str


@dataclass(frozen=True, slots=True)
class Is:
    """`field` is one of `values`."""

    field: str
    values: tuple[str | bool, ...]


@dataclass(frozen=True, slots=True)
class NotAfter:
    """The moment `field` has come, and not after `other`, which is known."""

    field: str
    other: str


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; true without any."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """A part holds; false without any."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Condition"


Condition = Known | Passed | Is | NotAfter | All | Any | Not


def every(*parts: Condition) -> All:
    """All of them."""
    return All(parts)


def either(*parts: Condition) -> Any:
    """One of them at least."""
    return Any(parts)


def true_of(field: str) -> Is:
    """A flag that is set."""
    return Is(field, (True,))


def holds(condition: Condition, fact: CaseFact, as_of: datetime) -> bool:
    """Whether a condition holds of a case."""
    match condition:
        case Known(field):
            return _came(fact, field, as_of) is not None
        case Passed(field):
            due: datetime | None = getattr(fact, field)
            return due is not None and due < as_of
        case Is(field, values):
            return getattr(fact, field) in values
        case NotAfter(field, other):
            moment, limit = _came(fact, field, as_of), getattr(fact, other)
            return moment is not None and limit is not None and moment <= limit
        case All() | Any() | Not():
            return _joined_holds(condition, fact, as_of)


def _joined_holds(condition: All | Any | Not, fact: CaseFact, as_of: datetime) -> bool:
    match condition:
        case All(parts):
            return all(holds(part, fact, as_of) for part in parts)
        case Any(parts):
            return any(holds(part, fact, as_of) for part in parts)
        case Not(part):
            return not holds(part, fact, as_of)


def _came(fact: CaseFact, field: str, as_of: datetime) -> datetime | None:
    moment: datetime | None = getattr(fact, field)
    return moment if moment is not None and moment <= as_of else None


_KNOWN = Words(zh="已有{field}", en="{field} is known")
_PASSED = Words(zh="{field}已过", en="{field} has passed")
_IS = Words(zh="{field}为{values}", en="{field} is {values}")
_NOT_AFTER = Words(zh="{field}不晚于{other}", en="{field} is not after {other}")
_AND, _OR = Words(zh="且", en=" and "), Words(zh="或", en=" or ")
_NOT = Words(zh="并非（{part}）", en="not ({part})")
_ALWAYS, _NEVER = Words(zh="全部", en="every case"), Words(zh="无", en="no case")
_LIST = Words(zh="、", en=", ")


def told(condition: Condition, language: Language) -> str:
    """A condition as people read it."""
    match condition:
        case Known(field):
            return _KNOWN.say(language, field=_name(field, language))
        case Passed(field):
            return _PASSED.say(language, field=_name(field, language))
        case Is(field, values):
            listed = _LIST.say(language).join(value_words(value).say(language) for value in values)
            return _IS.say(language, field=_name(field, language), values=listed)
        case NotAfter(field, other):
            return _NOT_AFTER.say(language, field=_name(field, language), other=_name(other, language))
        case All() | Any() | Not():
            return _joined_told(condition, language)


def _joined_told(condition: All | Any | Not, language: Language) -> str:
    match condition:
        case All(parts):
            return _joined(parts, _AND, _ALWAYS, language)
        case Any(parts):
            return _joined(parts, _OR, _NEVER, language)
        case Not(part):
            return _NOT.say(language, part=told(part, language))


def _joined(parts: tuple[Condition, ...], by: Words, empty: Words, language: Language) -> str:
    said = (
        f"({told(part, language)})" if isinstance(part, All | Any) and len(part.parts) > 1 else told(part, language)
        for part in parts
    )
    return by.say(language).join(said) or empty.say(language)


def _name(field: str, language: Language) -> str:
    return FIELD_WORDS[field].say(language)

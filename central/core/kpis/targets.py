"""What a figure should reach: by whose word, since when, why; and what was said before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import copysign, isfinite

from central.core.kpis.periods import YEARS
from central.core.kpis.registry.indicators import INDICATORS, Better, Unit, groups_of
from central.core.kpis.registry.nearest import no_figure
from central.core.kpis.registry.persons import PERSON
from central.core.numbers import written_number
from protocol.texts import Told, Words

OWNER_CHARS_MAX, REASON_CHARS_MAX, GROUP_CHARS_MAX = 100, 500, 120
RANGES: Mapping[Unit, tuple[float, float]] = {
    Unit.RATIO: (0, 1),
    Unit.SECONDS: (0, 1e10),
    Unit.POINTS: (-100, 100),
    Unit.MONEY: (0, 1e12),
}
"""Between what a value of each unit lies; of a unit that is not named here it is any finite number."""
_WRITTEN: Mapping[Unit, Words] = {
    Unit.RATIO: Words(zh="比例，例如 0.95 或 95%", en="a share, such as 0.95 or 95%"),
    Unit.SECONDS: Words(zh="时长，例如 7200、2h 或 30min", en="a time, such as 7200, 2h or 30min"),
}
_NUMBER = Words(zh="数字", en="a number")
_SUFFIXES: Mapping[str, int] = {"%": 100, "h": 3600, "min": 60, "s": 1}


NO_OWNER = Words(zh="目标要写明责任人和理由", en="a target needs an owner and a reason")
NO_LINE = Words(zh="{name} 应为一行，最多 {most} 个字", en="the {name} is one line of {most} characters at most")
NO_YEAR = Words(
    zh="目标的起始日应在 {first} 至 {last} 年之间", en="a target holds from a day of the years {first} to {last} on"
)
OUTSIDE = Words(
    zh="{name} 是{written}，在 {low} 至 {high} 之间；不是 {value}",
    en="{name} is {written}, between {low} and {high}; not {value}",
)
NOT_APART = Words(zh="{name} 不能分组；请不要写 group", en="{name} is not told apart; leave the group out")
NO_GROUP = Words(
    zh="分组应写成一行 字段=值，例如 unit=sanitation；字段有：{fields}；总共最多 {most} 个字",
    en="a group is FIELD=VALUE on one line, such as unit=sanitation; fields are {fields}, "
    "and all of it has {most} characters at most",
)
OTHER_UNIT = Words(zh="{name} 是{written}；不是“{told}”", en="{name} is {written}; not '{told}'")
NO_VALUE = Words(zh="“{told}”不是数值；请写{written}", en="'{told}' is no value; write {written}")
NO_BETTER = Words(
    zh="{name} 无优劣之分，不设目标；请为能评价的指标设目标，例如 active_finding_rate",
    en="neither way of {name} is better, so that it has no target; set one for a figure that is judged, such as "
    "active_finding_rate",
)
OF_A_PERSON = Words(zh="目标不针对个人；请不要写 person", en="no target is set for a person; leave `person` out")
MINUS_ZERO = Words(
    zh="{name} 的目标不能是 -0；请写明是 0 还是别的数", en="the target of {name} is no -0; write 0, or what was meant"
)
TWICE = Words(
    zh="{name} {group} 在 {since} 有两个目标；请只留一个", en="{name} {group} has two targets for {since}; keep one"
)
WHOLE_CITY = Words(zh="（全市）", en="(the city)")
TOLD_CHARS_MAX = 40


class BadTarget(Told, ValueError):
    """A target that nobody stands for, or none that could be met; the text says what is wrong and what would do."""


@dataclass(frozen=True, slots=True)
class Target:
    """One word about one figure.

    `since`: the first day it holds; `group`: whose, "" for the city, else `field=value` such as `unit=sanitation`.
    `said_by`, `said_at`: who entered it and when, once it is kept. Raises `BadTarget`.
    """

    indicator: str
    value: float
    owner: str
    since: date
    reason: str
    group: str = ""
    said_by: str = ""
    said_at: datetime | None = None

    def __post_init__(self) -> None:
        require_value(self.indicator, self.value)
        if not self.owner.strip() or not self.reason.strip():
            raise BadTarget(NO_OWNER)
        for name, told, most in (("owner", self.owner, OWNER_CHARS_MAX), ("reason", self.reason, REASON_CHARS_MAX)):
            if len(told) > most or not told.isprintable():
                raise BadTarget(NO_LINE, name=name, most=most)
        if self.since.year not in YEARS:
            raise BadTarget(NO_YEAR, first=YEARS[0], last=YEARS[-1])
        require_group(self.indicator, self.group)

    def is_met(self, value: float) -> bool:
        """Whether a value reaches it; of a figure of which neither way is better only the value itself does."""
        better = INDICATORS[self.indicator].better
        if better is Better.NEITHER:
            return value == self.value
        return value >= self.value if better is Better.HIGHER else value <= self.value

    def says_the_same(self, other: "Target") -> bool:
        """Whether another is the same word, whoever entered it."""
        return _word(self) == _word(other)


def _word(one: Target) -> tuple[object, ...]:
    return one.indicator, one.value, one.owner, one.since, one.reason, one.group


def require_value(indicator: str, value: float) -> None:
    """Raise `BadTarget` for a figure that there is not, and for a value that it can never have."""
    known = INDICATORS.get(indicator)
    if known is None:
        raise BadTarget(no_figure(indicator))
    low, high = RANGES.get(known.unit, (-1e15, 1e15))
    if not isfinite(value) or not low <= value <= high:
        written = _WRITTEN.get(known.unit, _NUMBER)
        raise BadTarget(OUTSIDE, name=indicator, written=written, low=f"{low:g}", high=f"{high:g}", value=f"{value:g}")


def require_group(indicator: str, group: str) -> None:
    """Raise `BadTarget` where a group is not named as figures are told apart."""
    field, _, value = group.partition("=")
    fields = groups_of(INDICATORS[indicator])
    if not group:
        return
    if not fields:
        raise BadTarget(NOT_APART, name=indicator)
    if field not in fields or not value.strip() or len(group) > GROUP_CHARS_MAX or not group.isprintable():
        raise BadTarget(NO_GROUP, fields=", ".join(fields), most=GROUP_CHARS_MAX)


def written_value(indicator: str, told: str) -> float:
    """A value as people write it: 0.95, 95%, 7200, 2h, 30min, 90s. Raises `BadTarget`."""
    known, text = INDICATORS.get(indicator), told.strip()
    suffix = next((one for one in _SUFFIXES if text.endswith(one)), "")
    is_share = suffix == "%"
    if known is not None and suffix and is_share is not (known.unit is Unit.RATIO):
        raise BadTarget(
            OTHER_UNIT, name=indicator, written=_WRITTEN.get(known.unit, _NUMBER), told=told[:TOLD_CHARS_MAX]
        )
    number = written_number(text.removesuffix(suffix).rstrip())
    if number is None:
        written = _NUMBER if known is None else _WRITTEN.get(known.unit, _NUMBER)
        raise BadTarget(NO_VALUE, told=told[:TOLD_CHARS_MAX], written=written)
    scale = _SUFFIXES.get(suffix, 1)
    value = float(number / scale if is_share else number * scale)
    require_value(indicator, value)
    return value


@dataclass(frozen=True, slots=True)
class Targets:
    """All that was ever said, in the order in which it was; nothing is taken away."""

    said: tuple[Target, ...] = ()

    def history(self, indicator: str, group: str = "") -> Sequence[Target]:
        """What was said about a figure, by the day from which it holds; of the same day the later word last."""
        mine = [one for one in self.said if (one.indicator, one.group) == (indicator, group)]
        return sorted(mine, key=lambda one: one.since)

    def on(self, indicator: str, day: date, group: str = "") -> Target | None:
        """The one that holds on a day."""
        return next((one for one in reversed(self.history(indicator, group)) if one.since <= day), None)

    def new(self, words: Sequence[Target]) -> tuple[Target, ...]:
        """Those of some words that are not what holds from their day on already. Raises `BadTarget`.

        A correction (another word for a day of before) is new; two words for one day at once contradict each other,
        and everybody reads targets, so none names a person. A figure of which neither way is better has none.
        """
        kept: dict[tuple[str, str, date], Target] = {}
        for one in words:
            if one.group.partition("=")[0] == PERSON:
                raise BadTarget(OF_A_PERSON)
            if one.value == 0 and copysign(1, one.value) < 0:
                raise BadTarget(MINUS_ZERO, name=one.indicator)
            if INDICATORS[one.indicator].better is Better.NEITHER:
                raise BadTarget(NO_BETTER, name=one.indicator)
            key = (one.indicator, one.group, one.since)
            if key in kept:
                raise BadTarget(TWICE, name=one.indicator, group=one.group or WHOLE_CITY, since=one.since)
            kept[key] = one
        return tuple(one for one in words if not self._holds(one))

    def _holds(self, word: Target) -> bool:
        latest = next(
            (one for one in reversed(self.history(word.indicator, word.group)) if one.since == word.since), None
        )
        return latest is not None and latest.says_the_same(word)

"""A month as it was published, sealed: its figures and how far each box's stream was complete.

A revision is never changed. Where later facts change a figure or the completeness of the month they make the next one,
which names the seal of the one before and is told as a difference.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from central.core.case_machine.audit import digest
from central.core.kpis.figures import Figure
from central.core.kpis.periods import CalendarUnit, Period
from central.core.kpis.publishing.published import Published, bounds_words
from central.core.kpis.registry.indicators import INDICATORS, Measured, Ratio
from central.core.kpis.registry.values import sums_text, value_text
from central.core.kpis.registry.wording import FIELD_WORDS
from protocol.texts import Language, Words

FORM = 2
"""Of the sealed content; what is sealed in an earlier one is read and verified in it."""

OPEN_GAP = Words(zh="{box}：第{upto}条之后有未补的缺口", en="{box}: a gap after message {upto} is not closed")
NOT_TOLD = Words(zh="{box}：数据未到月底（到{until}）", en="{box}: not told to the end of the month (up to {until})")
NEVER_TOLD = Words(zh="{box}：没有数据", en="{box}: nothing was told")
TITLE = Words(zh="{month} 第{number}版", en="{month}, revision {number}")
INCOMPLETE = Words(zh="（未齐）", en=" (incomplete)")
BESIDE = Words(zh="{new}，与第{number}版相比：", en="{new}, beside revision {number}:")
WHOLE = Words(zh="全市", en="the city")
LINE = Words(zh="{name}（{group}）：{old} → {new}", en="{name} ({group}): {old} -> {new}")
GROUP = Words(zh="{field} {value}", en="{field} {value}")
NOBODY = Words(zh="（未定）", en="(none)")
NOT_LISTED = Words(zh="未列", en="not listed")
FILLED = Words(zh="数据已齐", en="the month is complete now")
OPENED = Words(zh="数据现为未齐", en="the month is incomplete now")


@dataclass(frozen=True, slots=True)
class BoxMark:
    """How far a box's stream was complete: up to message `upto`, which tells of `until`; `has_gap`: more came after.

    Messages follow one another in time, so a box is complete for a month when `until` lies at its end or later.
    """

    box: str
    epoch: str
    upto: int
    until: datetime | None
    has_gap: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One revision of a month; `seal` is the SHA-256 of its canonical content, `previous` that of the one before.

    `as_of`: what happened later is not in it; `made_at`, `made_by`: when it was published, and by whom. `form`: how
    much of each figure is held.
    """

    month: Period
    revision: int
    as_of: datetime
    made_at: datetime
    made_by: str
    marks: tuple[BoxMark, ...]
    figures: tuple[Published, ...]
    previous: str
    seal: str = ""
    form: int = FORM

    @property
    def open_boxes(self) -> tuple[BoxMark, ...]:
        """The boxes that had not told the whole month."""
        return tuple(mark for mark in self.marks if mark.until is None or mark.until < self.month.end)

    @property
    def is_complete(self) -> bool:
        """Whether no box was open; otherwise the month is 未齐."""
        return not self.open_boxes

    @property
    def is_intact(self) -> bool:
        """Whether the content is that which was sealed."""
        return self.seal == digest(_content(self))

    def title(self, language: Language) -> str:
        """Month and revision, and whether it is incomplete."""
        begin = self.month.begin.astimezone(self.month.zone)
        told = TITLE.say(language, month=f"{begin:%Y-%m}", number=self.revision)
        return told if self.is_complete else told + INCOMPLETE.say(language)

    def open_words(self, language: Language) -> Iterator[str]:
        """Each open box and why it is."""
        for mark in self.open_boxes:
            if mark.has_gap:
                yield OPEN_GAP.say(language, box=mark.box, upto=mark.upto)
            elif mark.until is None:
                yield NEVER_TOLD.say(language, box=mark.box)
            else:
                until = mark.until.astimezone(self.month.zone)
                yield NOT_TOLD.say(language, box=mark.box, until=f"{until:%Y-%m-%d %H:%M}")


def frozen(  # noqa: PLR0913 - all that a snapshot is of
    month: Period,
    as_of: datetime,
    marks: Iterable[BoxMark],
    figures: Iterable[Figure],
    *,
    made_at: datetime | None = None,
    made_by: str = "",
) -> Snapshot:
    """The first revision; `made_at` is `as_of` where it is left out.

    `ValueError` for what is no month, for a month that is not over, and for doubles.
    """
    if month.calendar_unit is not CalendarUnit.MONTH:
        raise ValueError("a snapshot is of a calendar month")
    if as_of.tzinfo is None or as_of < month.end:
        raise ValueError("a month is frozen when it is over; give a time with a zone at its end or later")
    boxes = sorted((replace(mark, until=_utc(mark.until)) for mark in marks), key=lambda mark: mark.box)
    told = sorted(map(Published.of, figures), key=lambda one: one.key)
    if len({mark.box for mark in boxes}) < len(boxes) or len({one.key for one in told}) < len(told):
        raise ValueError("a snapshot has each box and each figure of a group once")
    made = (made_at or as_of).astimezone(UTC)
    return _sealed(Snapshot(month, 1, as_of.astimezone(UTC), made, made_by, tuple(boxes), tuple(told), ""))


def revised(before: Snapshot, now: Snapshot) -> Snapshot | None:
    """What was frozen anew as the revision after `before`; None where neither figures nor completeness differ.

    Figures of two forms differ by what both hold, and an indicator that only one of two releases knew is no difference,
    so that a later release alone revises nothing but what it counts otherwise.
    `ValueError` where the two are of different months or `before` is not what was sealed.
    """
    if before.month != now.month or now.as_of < before.as_of:
        raise ValueError("a revision is of the same month, and later")
    if not before.is_intact:
        raise ValueError(f"{before.title(Language.ENGLISH)} is not what was sealed; restore it before it is revised")
    if not _differ(before, now) and before.is_complete == now.is_complete:
        return None
    return _sealed(replace(now, revision=before.revision + 1, previous=before.seal))


def difference(before: Snapshot, after: Snapshot, language: Language) -> tuple[str, ...]:
    """The revision as people read it: a title, a line for each figure that differs, what is open."""
    old, new = _by_key(before.figures), _by_key(after.figures)
    was, is_now = _weighed(before, after), _weighed(after, before)
    lines = [BESIDE.say(language, new=after.title(language), number=before.revision)]
    for key in sorted(old.keys() | new.keys()):
        if was.get(key) != is_now.get(key):
            indicator, group = key
            lines.append(
                LINE.say(
                    language,
                    name=name_of(indicator, language),
                    group=group_words(group, language),
                    old=_told(old.get(key), language),
                    new=_told(new.get(key), language),
                )
            )
    if before.is_complete != after.is_complete:
        lines.append((FILLED if after.is_complete else OPENED).say(language))
    return (*lines, *after.open_words(language))


def name_of(indicator: str, language: Language) -> str:
    """What a figure is called; its id where this release does not know it any more."""
    known = INDICATORS.get(indicator)
    return indicator if known is None else known.names.say(language)


def group_name(field: str, value: str) -> str:
    """The group of a published figure: a field of facts and its value."""
    return f"{field}={value}"


def group_words(group: str, language: Language) -> str:
    """A group as people read it."""
    field, named, value = group.partition("=")
    if not named or field not in FIELD_WORDS:
        return group or WHOLE.say(language)
    return GROUP.say(language, field=FIELD_WORDS[field].say(language), value=value or NOBODY.say(language))


def _sealed(snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, seal=digest(_content(snapshot)))


def _content(snapshot: Snapshot) -> Mapping[str, object]:
    return {
        "form": snapshot.form,
        "begin": _moment(snapshot.month.begin),
        "end": _moment(snapshot.month.end),
        "revision": snapshot.revision,
        "zone": str(snapshot.month.zone),
        "as_of": _moment(snapshot.as_of),
        "made_at": _moment(snapshot.made_at),
        "made_by": snapshot.made_by,
        "previous": snapshot.previous,
        "boxes": [
            [mark.box, mark.epoch, mark.upto, mark.has_gap, None if mark.until is None else _moment(mark.until)]
            for mark in snapshot.marks
        ],
        "figures": [one.content(snapshot.form) for one in snapshot.figures],
    }


def _told(one: Published | None, language: Language) -> str:
    if one is None:
        return NOT_LISTED.say(language)
    edges = bounds_words(one, language)
    return f"{value_words(one, language)} [{edges}]" if edges else value_words(one, language)


def value_words(one: Published, language: Language) -> str:
    """A value with what stands behind it, in its unit."""
    known = INDICATORS.get(one.indicator)
    said = value_text(one.value, None if known is None else known.unit, language)
    if known is None or one.value is None:
        return said
    match known.formula:
        case Ratio() | Measured():
            return f"{said} ({sums_text(known.formula, one.hits, one.total, language)})"
        case _:
            return f"{said} ({one.total:,})"


def _differ(before: Snapshot, now: Snapshot) -> bool:
    known = {one.indicator for one in before.figures} & {one.indicator for one in now.figures}
    was, is_now = (
        {key: weighed for key, weighed in _weighed(*pair).items() if key[0] in known}
        for pair in ((before, now), (now, before))
    )
    return was != is_now


def _weighed(one: Snapshot, beside: Snapshot) -> dict[tuple[str, str], tuple[object, ...]]:
    """What of its figures is compared with those of another."""
    form = min(one.form, beside.form)
    return {figure.key: figure.weighed(form) for figure in one.figures}


def _by_key(figures: Sequence[Published]) -> dict[tuple[str, str], Published]:
    return {one.key: one for one in figures}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)

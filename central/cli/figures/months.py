"""`gridwarden central publish-month` and `months`: published months as text and as JSON."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from central.cli.figures.notes import note_forms
from central.core.kpis import Snapshot, difference
from central.core.kpis.publishing import Link, month_name
from central.core.kpis.publishing.published import remarks
from central.core.kpis.publishing.snapshots import group_words, name_of, value_words
from central.services.figures.publishing import GROUPS_A_FIELD_MAX, Publication
from central.stores.ports import MonthHead
from protocol.texts import Language, Words

_FIRST = Words(zh="已发布 {title}", en="published: {title}")
_SAME = Words(zh="没有变化，{title} 仍有效", en="nothing changed; {title} stands")
_COUNTED = Words(zh="统计截至 {as_of}，{made_at} 由 {by} 发布", en="counted as of {as_of}, published {made_at} by {by}")
_SEAL = Words(zh="封存值 {seal}", en="seal {seal}")
_SPOILT = Words(
    zh="！内容与封存时不符：此版已被改动", en="! the content does not match its seal: this revision was changed"
)
_NONE = Words(zh="还没有发布任何月份", en="no month was published yet")
_INCOMPLETE = Words(zh="未齐", en="incomplete")
_COMPLETE = Words(zh="已齐", en="complete")
_LEFT_OUT = Words(
    zh="！分组过多，{count} 个未列入（每类最多 {most} 个）",
    en="! {count} groups left out ({most} of a kind at most)",
)


def publication_text(done: Publication, language: Language) -> str:
    """What became of it, and what differs or is open."""
    title = done.snapshot.title(language)
    if not done.is_new:
        lines = [_SAME.say(language, title=title), *done.snapshot.open_words(language)]
    elif done.before is None:
        lines = [_FIRST.say(language, title=title), *done.snapshot.open_words(language)]
    else:
        lines = [_FIRST.say(language, title=title), *difference(done.before, done.snapshot, language)]
    if done.left_out:
        lines.append(_LEFT_OUT.say(language, count=done.left_out, most=GROUPS_A_FIELD_MAX))
    return "\n".join([*lines, _SEAL.say(language, seal=done.snapshot.seal)])


def publication_json(done: Publication, language: Language) -> str:
    """One JSON object."""
    change = list(difference(done.before, done.snapshot, language)) if done.before is not None else []
    head = {"is_new": done.is_new, "difference": change, "groups_left_out": done.left_out}
    return _json(head | _snapshot(done.snapshot, language) | {"intact": True})


def heads_text(heads: Sequence[MonthHead], zone: tzinfo, language: Language) -> str:
    """A line for each revision."""
    lines = [
        f"{one.month}  {one.revision}  {(_COMPLETE if one.is_complete else _INCOMPLETE).say(language)}  "
        f"{_local(one.made_at, zone)}  {one.made_by}  {one.seal[:16]}"
        for one in heads
    ]
    return "\n".join(lines) or _NONE.say(language)


def heads_json(heads: Sequence[MonthHead]) -> str:
    """One JSON list."""
    return _json(
        [
            {name: getattr(one, name) for name in ("month", "revision", "is_complete", "made_by", "seal")}
            | {"as_of": one.as_of.isoformat(), "made_at": one.made_at.isoformat()}
            for one in heads
        ]
    )


def revision_text(link: Link, change: Sequence[str], language: Language) -> str:
    """A revision with all its figures, and what differs from the one before."""
    return "\n".join([*_revision_lines(link, language), *(["", *change] if change else [])])


def revision_json(link: Link, change: Sequence[str], language: Language) -> str:
    """One JSON object."""
    return _json(_snapshot(link.snapshot, language) | {"intact": link.is_intact, "difference": list(change)})


def _revision_lines(link: Link, language: Language) -> Iterator[str]:
    one = link.snapshot
    zone = one.month.zone
    yield one.title(language)
    if not link.is_intact:
        yield _SPOILT.say(language)
    yield _COUNTED.say(language, as_of=_local(one.as_of, zone), made_at=_local(one.made_at, zone), by=one.made_by)
    yield _SEAL.say(language, seal=one.seal)
    yield from one.open_words(language)
    for figure in one.figures:
        name, group = name_of(figure.indicator, language), group_words(figure.group, language)
        yield f"  {name} ({group}): {value_words(figure, language)}"
        yield from (f"    {one}" for one in remarks(figure, language))


def _snapshot(one: Snapshot, language: Language) -> dict[str, object]:
    return {
        "month": month_name(one.month),
        "revision": one.revision,
        "is_complete": one.is_complete,
        "open": list(one.open_words(language)),
        "as_of": one.as_of.isoformat(),
        "made_at": one.made_at.isoformat(),
        "made_by": one.made_by,
        "previous": one.previous,
        "seal": one.seal,
        "form": one.form,
        "boxes": [
            {
                "box": mark.box,
                "epoch": mark.epoch,
                "upto": mark.upto,
                "until": None if mark.until is None else mark.until.isoformat(),
                "has_gap": mark.has_gap,
            }
            for mark in one.marks
        ],
        "figures": [
            {
                "id": f.indicator,
                "group": f.group,
                "value": f.value,
                "hits": f.hits,
                "total": f.total,
                "reason": None if f.reason is None else f.reason.say(language),
                "below_minimum_sample": f.is_below_minimum,
                "bounds": None if f.bounds is None else f.bounds._asdict(),
                "notes": note_forms(f.notes, language),
            }
            for f in one.figures
        ],
    }


def _local(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)

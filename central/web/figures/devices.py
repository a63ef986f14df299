"""Devices and the platform as people read them: rates with bounds, failures, witnesses, cameras in trouble. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from central.core.availability.online_rate import Counted, Rate, Snapshot, is_met, rate
from central.core.availability.reliability import Reliability, together
from central.core.availability.timelines import CONFIRMED_S
from central.core.availability.witnesses import SystemTime
from central.core.kpis import Unit
from central.core.kpis.registry.values import HOUR_S, MINUTE_S, hours_text, length_text, share_text, value_text
from central.services.figures.availability import OnlineReport, SystemReport
from central.services.figures.camera_rows import CameraRow
from central.settings.texts import Texts
from central.web.figures.wording import NOTHING, Tone

ROWS_MAX = 100
OPENED = ("camera_online_rate", "camera_intact_rate", "platform_availability", "camera_mtbf")
"""Figures that stand among devices with more beside them, and so not in the table of their subject."""


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One figure of devices. `verdict`: whether the target is met, by the lower bound; `notes`: what stands below.

    `figure`: the id by which it opens, "" for what does not.
    """

    name: str
    value: str
    numbers: str = ""
    target: str = ""
    verdict: str = ""
    tone: Tone = Tone.NONE
    reason: str = ""
    notes: tuple[str, ...] = ()
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A camera that was not online all the time, worst first."""

    camera: str
    place: str
    site: str
    share: str
    offline: str
    unknown: str
    failures: str


@dataclass(frozen=True, slots=True)
class Now:
    """Cameras at this moment, by what is counted."""

    online: Snapshot
    intact: Snapshot


def device_lines(report: OnlineReport, now: Now, texts: Texts) -> tuple[DeviceLine, ...]:
    """在线率 and 完好率 of the period and of this moment."""
    return (
        _of_period("online", report, Counted.ONLINE, texts),
        _of_now("online", now.online, texts),
        _of_period("intact", report, Counted.INTACT, texts),
        _of_now("intact", now.intact, texts),
    )


def platform_lines(report: SystemReport, texts: Texts) -> tuple[DeviceLine, ...]:
    """系统可用率 by the worst witness with MTBF and MTTR, then what each witness says."""
    whole = _of_witness(texts.say("figures.available"), report.worst, texts, report.target)
    first = replace(whole, figure="platform_availability")
    each = (
        _of_witness(texts.say("figures.witness", name=texts.word("figures_witness", name)), one, texts)
        for name, one in report.witnesses.items()
    )
    return (first, *each)


def failures_line(rows: Sequence[CameraRow], texts: Texts) -> DeviceLine:
    """How long cameras run between failures, all together."""
    found = together(row.reliability for row in rows)
    name = texts.say("figures.camera_failures")
    if not rows:
        return DeviceLine(name, NOTHING, reason=texts.say("figures.no_cameras"))
    failures = texts.say("figures.failures", count=found.failures)
    return DeviceLine(name, _mtbf(found, texts), failures, notes=(_mttr(found, texts),), figure="camera_mtbf")


def in_trouble(rows: Iterable[CameraRow]) -> tuple[CameraRow, ...]:
    """Cameras that were offline, failed, or were unknown for longer than a state takes to be confirmed, worst first."""
    found = [
        row for row in rows if row.time.required.offline_s or row.time.required.unknown_s > CONFIRMED_S or _failed(row)
    ]
    return tuple(sorted(found, key=lambda row: (_lower(row), -row.time.required.offline_s, row.camera)))


def trouble_of(row: CameraRow, place: str, texts: Texts) -> Trouble:
    """A camera in trouble, in words."""
    times = row.time.required
    return Trouble(
        row.camera,
        place,
        row.site,
        share_text(_lower(row)),
        length_text(times.offline_s, texts.language) if times.offline_s else NOTHING,
        length_text(times.unknown_s, texts.language) if times.unknown_s else NOTHING,
        f"{row.reliability.failures:,}",
    )


def bounds_words(low: float | None, high: float | None, target: float | None = None) -> str:
    """A figure by its two bounds; one number where nothing is unknown. The lower is told apart from its target."""
    if low is None:
        return NOTHING
    said = share_text(low, target)
    if high is None or share_text(low) == share_text(high):
        return said
    return f"[{said}, {share_text(high)}]"


def _of_period(name: str, report: OnlineReport, counted: Counted, texts: Texts) -> DeviceLine:
    found = report.rate(counted)
    reason = report.reason.say(texts.language) if report.reason is not None else ""
    target = report.target_of(counted)
    verdict, tone = _verdict(found.lower, target, texts)
    return DeviceLine(
        texts.say(f"figures.{name}_period"),
        bounds_words(found.lower, found.upper, target),
        texts.say("figures.camera_hours", hits=hours_text(found.hits_s), total=hours_text(found.total_s))
        if not reason
        else "",
        _target(target),
        verdict,
        tone,
        reason,
        tuple(_unknown_notes(found, report, texts)) if not reason else (),
        f"camera_{name}_rate",
    )


def _unknown_notes(found: Rate, report: OnlineReport, texts: Texts) -> Iterator[str]:
    if found.unknown_s:
        yield texts.say(
            "figures.unknown_time", hours=hours_text(found.unknown_s), ceiling=share_text(found.ceiling or 0)
        )
    for name in ("planned", "trial"):
        apart_s = getattr(report.time, name).total_s
        if apart_s:
            yield texts.say(f"figures.apart_{name}", hours=hours_text(apart_s))
    if report.excused_late:
        yield texts.say("figures.excused_late", count=report.excused_late)


def _of_now(name: str, found: Snapshot, texts: Texts) -> DeviceLine:
    verdict, tone = _verdict(found.lower, found.target, texts)
    return DeviceLine(
        texts.say(f"figures.{name}_now"),
        bounds_words(found.lower, found.upper, found.target),
        f"{found.good:,} / {found.total:,}" if found.total else "",
        _target(found.target),
        verdict,
        tone,
        "" if found.total else texts.say("figures.no_cameras"),
        tuple(_spare_notes(found, texts)) if found.total else (),
    )


def _spare_notes(found: Snapshot, texts: Texts) -> Iterator[str]:
    if found.spare is not None:
        yield texts.say("figures.spare" if found.spare >= 0 else "figures.owed", count=abs(found.spare))


def _of_witness(name: str, found: SystemTime, texts: Texts, target: float | None = None) -> DeviceLine:
    if found.lower is None or not (found.up_s or found.down_s):
        return DeviceLine(name, NOTHING, target=_target(target), reason=texts.say("figures.no_witness"))
    reliable = found.reliability
    verdict, tone = _verdict(found.lower, target, texts)
    return DeviceLine(
        name,
        bounds_words(found.lower, found.upper, target),
        texts.say("figures.falls", count=found.falls, down=length_text(found.down_s, texts.language)),
        _target(target),
        verdict,
        tone,
        notes=(f"{_mtbf(reliable, texts)}{texts.say('page.separator')}{_mttr(reliable, texts)}",),
    )


def _mtbf(found: Reliability, texts: Texts) -> str:
    if found.mtbf_h is None:
        return texts.say("figures.mtbf_more", time=value_text(found.up_s, Unit.SECONDS, texts.language))
    return texts.say("figures.mtbf", time=value_text(found.mtbf_h * HOUR_S, Unit.SECONDS, texts.language))


def _mttr(found: Reliability, texts: Texts) -> str:
    if found.mttr_min is None:
        return texts.say("figures.mttr_none")
    return texts.say("figures.mttr", time=value_text(found.mttr_min * MINUTE_S, Unit.SECONDS, texts.language))


def _target(target: float | None) -> str:
    return "" if target is None else share_text(target)


def _verdict(value: float | None, target: float | None, texts: Texts) -> tuple[str, Tone]:
    met = is_met(value, target)
    if met is None:
        return "", Tone.NONE
    tone = Tone.BETTER if met else Tone.WORSE
    return texts.word("figures_plan", tone), tone


def _failed(row: CameraRow) -> bool:
    return row.reliability.failures > 0 and row.time.required.total_s > 0


def _lower(row: CameraRow) -> float:
    return rate([row.time.required]).lower or 0.0

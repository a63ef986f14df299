"""The judgement of the check: facts in, figures and named failures out. Pure."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from provisioning.demo.check.facts import CaseFact, EventFact, Holdings, PictureState, Played

CAMERAS_MIN = 4
OUTAGE_EVENTS_MIN = 20
OFFLINE_ALERT_S_MAX = 15.0
DETECTOR = "detector"
SHOWN_MAX = 3

Figure = bool | int | float | str | None | list[str]


@dataclass(frozen=True, slots=True)
class Failure:
    """A condition that does not hold: its name, and what was seen."""

    name: str
    seen: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`figures` is the JSON object of the last line."""

    ok: bool
    figures: dict[str, Figure]
    failures: tuple[Failure, ...]


def judge(played: Played, holdings: Holdings, broken: Iterable[Failure] = ()) -> Verdict:
    """Hold everything against what the demo promises; `broken` are failures that ended the play early."""
    lost = lost_ids(holdings)
    doubles = duplicates(holdings)
    failures = (*broken, *_played_failures(played), *_holding_failures(holdings), *_loss_failures(lost, doubles))
    states = Counter(holdings.pictures.values())
    figures: dict[str, Figure] = {
        "ok": not failures,
        "cameras_online": played.cameras_online,
        "events": len(holdings.events),
        "cases": len(holdings.cases),
        "evidence_verified": states[PictureState.VERIFIED],
        "offline_alert_s": played.offline_alert_s,
        "notified_s": played.notified_s,
        "recovered_s": played.recovered_s,
        "started_s": played.started_s,
        "lost": len(lost),
        "duplicates": len(doubles),
        "outage_events": played.outage_events,
        "box_offline_alerts": played.box_offline_alerts,
        "box_offline_s": played.box_offline_s,
        "box_recovered_s": played.box_recovered_s,
        "drained_s": played.drained_s,
        "camera_word": played.camera_word,
        "camera_pictures": played.camera_pictures,
        "evidence": len(holdings.pictures),
        "failures": [failure.name for failure in failures],
    }
    return Verdict(not failures, figures, failures)


def lost_ids(holdings: Holdings) -> tuple[str, ...]:
    """Ids that a box wrote to its disk and central does not have."""
    held = {event.id for event in holdings.events}
    return tuple(entry.id for entry in holdings.journal if entry.id not in held)


def duplicates(holdings: Holdings) -> tuple[str, ...]:
    """Everything that is there twice, in words: events, numbers of a box, cases of one episode or one event."""
    events, cases = holdings.events, holdings.cases
    seen = {event.episode for event in events if event.episode}
    return (
        *_twice("event", (event.id for event in events)),
        *_twice("report", ((event.box, event.epoch, event.seq) for event in events)),
        *_twice("case", (case.id for case in cases)),
        *_twice("case number", (case.number for case in cases)),
        *_twice("cases of episode", (episode for case in cases for episode in case.episodes)),
        *_twice("cases opened by", (case.opened_by_event for case in cases if case.opened_by_event)),
        *(f"case {case.number} without an episode" for case in cases if case.source == DETECTOR and not case.episodes),
        *(
            f"case {case.number} of episode {episode} that no event tells of"
            for case in cases
            for episode in case.episodes
            if episode not in seen
        ),
    )


def _twice(what: str, keys: Iterable[Hashable]) -> list[str]:
    return [f"{what} {key} ({count} times)" for key, count in Counter(keys).items() if count > 1]


def _played_failures(played: Played) -> Iterable[Failure]:
    conditions = (
        ("started", played.started_s is not None, "no candidate case with a picture appeared"),
        ("cameras_online", played.cameras_online >= CAMERAS_MIN, f"{played.cameras_online} of {CAMERAS_MIN}"),
        (
            "offline_alert",
            played.offline_alert_s is not None and played.offline_alert_s <= OFFLINE_ALERT_S_MAX,
            f"{_seconds(played.offline_alert_s)}; allowed are {OFFLINE_ALERT_S_MAX:g} s",
        ),
        ("notified", played.notified_s is not None, "no notice of the dead camera reached the receiver"),
        ("recovered", played.recovered_s is not None, "the camera that was started again did not come online"),
        (
            "outage_events",
            played.outage_events >= OUTAGE_EVENTS_MIN,
            f"{played.outage_events} reports were written while central was dead, {OUTAGE_EVENTS_MIN} are needed",
        ),
        ("central_returned", played.central_returned_s is not None, "central did not hear all boxes after its restart"),
        (
            "one_box_offline",
            played.box_offline_alerts == 1,
            f"{played.box_offline_alerts} box_offline alerts for one killed agent",
        ),
        ("cameras_unknown", played.cameras_unknown, "the cameras of the killed agent did not become unknown"),
        (
            "no_camera_offline_of_lost_box",
            played.camera_offline_of_lost_box == 0,
            f"{played.camera_offline_of_lost_box} camera_offline alerts for cameras of the killed agent",
        ),
        ("box_recovered", played.box_recovered_s is not None, "the restarted agent and its cameras did not come back"),
        (
            "camera_word",
            played.camera_word is not None,
            "the camera said nothing to a case that was called done; its looks: "
            + (", ".join(played.camera_looks) or "none"),
        ),
        ("camera_pictures", played.camera_pictures > 0, "the camera's word came without a picture"),
        ("drained", played.drained_s is not None, "reports or pictures still wait on the boxes"),
    )
    return [Failure(name, seen) for name, holds, seen in conditions if not holds]


def _holding_failures(holdings: Holdings) -> Iterable[Failure]:
    holders: tuple[EventFact | CaseFact, ...] = (*holdings.events, *holdings.cases)
    named = {picture for holder in holders for picture in holder.pictures}
    wrong = {state: [sha for sha in named if _state(holdings, sha) is state] for state in PictureState}
    known = {entry.id for entry in holdings.journal}
    cases = {case.id for case in holdings.cases}
    strays = [event.id for event in holdings.events if event.id not in known]
    caseless = [event.id for event in holdings.events if event.episode and event.case not in cases]
    conditions = (
        ("events", bool(holdings.events), "central has none"),
        ("cases", bool(cases), "central has none"),
        ("evidence", bool(named), "nothing has a picture"),
        ("evidence_missing", not wrong[PictureState.MISSING], _some(wrong[PictureState.MISSING])),
        ("evidence_corrupt", not wrong[PictureState.CORRUPT], _some(wrong[PictureState.CORRUPT])),
        ("events_of_no_box", not strays, _some(strays)),
        ("events_without_case", not caseless, _some(caseless)),
    )
    return [Failure(name, seen) for name, holds, seen in conditions if not holds]


def _state(holdings: Holdings, sha256: str) -> PictureState:
    return holdings.pictures.get(sha256, PictureState.MISSING)


def _loss_failures(lost: tuple[str, ...], doubles: tuple[str, ...]) -> Iterable[Failure]:
    conditions = (("lost", lost), ("duplicates", doubles))
    return [Failure(name, _some(found)) for name, found in conditions if found]


def _some(found: Iterable[str]) -> str:
    names = sorted(found)
    more = f" and {len(names) - SHOWN_MAX} more" if len(names) > SHOWN_MAX else ""
    return f"{len(names)}: {', '.join(names[:SHOWN_MAX])}{more}"


def _seconds(value: float | None) -> str:
    return "no alert" if value is None else f"an alert after {value:.1f} s"

"""The judgement of `demo --check`: a sound run passes, and every single thing that may be wrong fails by its name."""

from dataclasses import replace

import pytest

from provisioning.demo.check.facts import CaseFact, EventFact, Holdings, JournalEntry, PictureState, Played
from provisioning.demo.check.verdict import Failure, judge

EPOCH = "0123456789abcdef"
SOUND = Played(
    started_s=31.0,
    cameras_online=4,
    offline_alert_s=1.2,
    notified_s=2.3,
    recovered_s=9.0,
    outage_events=25,
    central_returned_s=4.0,
    box_offline_s=1.0,
    box_offline_alerts=1,
    cameras_unknown=True,
    box_recovered_s=12.0,
    drained_s=5.0,
    camera_word="still_there",
    camera_pictures=2,
)
JOURNAL = (
    JournalEntry("box-1", EPOCH, 1, "ep-1.0"),
    JournalEntry("box-1", EPOCH, 2, "ep-2.0"),
    JournalEntry("box-2", EPOCH, 1, "camera-1"),
)
EVENTS = (
    EventFact("ep-1.0", "box-1", EPOCH, 1, "ep-1", "case-1", ("aa", "bb")),
    EventFact("ep-2.0", "box-1", EPOCH, 2, "ep-2", "case-2", ("bb",)),
    EventFact("camera-1", "box-2", EPOCH, 1, None, None),
)
CASES = (
    CaseFact("case-1", "E1", "detector", ("ep-1",), "ep-1.0"),
    CaseFact("case-2", "E2", "detector", ("ep-2",), "ep-2.0"),
    CaseFact("case-3", "E3", "hotline", (), None),
)
HELD = Holdings(JOURNAL, EVENTS, CASES, {"aa": PictureState.VERIFIED, "bb": PictureState.VERIFIED})


def test_a_sound_run_passes() -> None:
    verdict = judge(SOUND, HELD)
    assert verdict.ok
    assert verdict.failures == ()
    figures = verdict.figures
    assert (figures["ok"], figures["lost"], figures["duplicates"], figures["failures"]) == (True, 0, 0, [])
    assert (figures["cameras_online"], figures["events"], figures["cases"], figures["evidence_verified"]) == (
        4,
        3,
        3,
        2,
    )
    assert (figures["offline_alert_s"], figures["recovered_s"], figures["notified_s"]) == (1.2, 9.0, 2.3)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"started_s": None}, "started"),
        ({"cameras_online": 3}, "cameras_online"),
        ({"offline_alert_s": None}, "offline_alert"),
        ({"offline_alert_s": 15.01}, "offline_alert"),
        ({"notified_s": None}, "notified"),
        ({"camera_word": None}, "camera_word"),
        ({"camera_pictures": 0}, "camera_pictures"),
        ({"recovered_s": None}, "recovered"),
        ({"outage_events": 19}, "outage_events"),
        ({"central_returned_s": None}, "central_returned"),
        ({"box_offline_alerts": 0}, "one_box_offline"),
        ({"box_offline_alerts": 2}, "one_box_offline"),
        ({"cameras_unknown": False}, "cameras_unknown"),
        ({"camera_offline_of_lost_box": 1}, "no_camera_offline_of_lost_box"),
        ({"box_recovered_s": None}, "box_recovered"),
        ({"drained_s": None}, "drained"),
    ],
)
def test_each_fault_of_the_play_fails_by_its_name(change: dict[str, object], name: str) -> None:
    verdict = judge(replace(SOUND, **change), HELD)  # type: ignore[arg-type]
    assert [failure.name for failure in verdict.failures] == [name]
    assert verdict.figures["ok"] is False


CASE_1, CASE_2, CASE_3 = CASES
EVENT_1, EVENT_2, EVENT_3 = EVENTS


@pytest.mark.parametrize(
    ("held", "names", "lost", "doubled"),
    [
        (replace(HELD, events=EVENTS[:2]), ["lost"], 1, 0),
        (replace(HELD, events=EVENTS[1:]), ["lost", "duplicates"], 1, 1),
        (replace(HELD, events=(*EVENTS, EVENT_3)), ["duplicates"], 0, 2),
        (replace(HELD, events=(*EVENTS, replace(EVENT_3, id="other"))), ["events_of_no_box", "duplicates"], 0, 1),
        (replace(HELD, cases=(*CASES, replace(CASE_1, id="case-4", number="E4"))), ["duplicates"], 0, 2),
        (
            replace(HELD, cases=(*CASES, replace(CASE_1, id="x", number="E4", episodes=(), opened_by_event=None))),
            ["duplicates"],
            0,
            1,
        ),
        (replace(HELD, cases=(*CASES, replace(CASE_3, id="case-4"))), ["duplicates"], 0, 1),
        (replace(HELD, cases=(CASE_1, CASE_3)), ["events_without_case"], 0, 0),
        (replace(HELD, pictures={"aa": PictureState.VERIFIED}), ["evidence_missing"], 0, 0),
        (
            replace(HELD, pictures={"aa": PictureState.VERIFIED, "bb": PictureState.CORRUPT}),
            ["evidence_corrupt"],
            0,
            0,
        ),
        (Holdings(), ["events", "cases", "evidence"], 0, 0),
    ],
)
def test_each_wrong_holding_fails_by_its_name(held: Holdings, names: list[str], lost: int, doubled: int) -> None:
    verdict = judge(SOUND, held)
    assert [failure.name for failure in verdict.failures] == names
    assert (verdict.figures["lost"], verdict.figures["duplicates"]) == (lost, doubled)


def test_a_broken_play_fails_whatever_was_seen() -> None:
    verdict = judge(SOUND, HELD, [Failure("process_died", "central ended (1)")])
    assert verdict.figures["failures"] == ["process_died"]
    assert not verdict.ok

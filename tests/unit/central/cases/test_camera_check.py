"""What looks prove of "done": every condition alone keeps a case from passing, and every check ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.camera_check import (
    Ask,
    CameraCheck,
    CheckTerms,
    Circumstances,
    Condition,
    Look,
    Obstacle,
    Point,
    Verdict,
    Wait,
    judged,
    next_step,
)
from central.core.camera_check.terms import LOOKS_MAX
from central.core.case_machine import CameraWord
from central.core.cases.casefile import Episode
from central.services.cases.check_words import point_words
from central.settings.texts import load_texts
from protocol.messages import CameraReason, EndReason, EvidenceKind, EvidenceRef, LookFinding, Presence
from protocol.texts import Language

DONE = datetime(2026, 3, 2, 3, tzinfo=UTC)
TERMS = CheckTerms()
CHECK = CameraCheck("check-1", "case-1", DONE, TERMS, taken_at=DONE - timedelta(minutes=20), next_at=DONE)
HANDLED = Episode("e1", "case-1", DONE - timedelta(minutes=2), EndReason.LEFT)
FACTS = Circumstances(episodes=(HANDLED,))


def at(seconds: float) -> datetime:
    return DONE + timedelta(seconds=seconds)


def look(begin_s: float = 5.0, length_s: float = 60.0, *, pictures: int = 2, **found: object) -> Look:
    """An answered look; clear in a good picture unless `found` says otherwise."""
    saw = {"presence": Presence.GONE, "observed_share": 0.95, "looks": 100, "light": 120.0} | found
    finding = LookFinding(since=at(begin_s), until=at(begin_s + length_s), **saw)  # type: ignore[arg-type]
    refs = [EvidenceRef(sha256=f"{n:064x}", bytes=9, at=at(0), kind=EvidenceKind.SNAPSHOT) for n in range(pictures)]
    return Look(f"c{begin_s}", at(begin_s), at(begin_s), at(begin_s + length_s), finding, tuple(refs))


def checked(*looks: Look, **changes: object) -> CameraCheck:
    return replace(CHECK, looks=looks, **changes)  # type: ignore[arg-type]


CLEAR = (look(5), look(65))


def test_clear_for_long_enough_in_a_good_picture_passes() -> None:
    verdict = judged(checked(*CLEAR), FACTS, at(130))
    assert verdict is not None
    assert (verdict.word, verdict.is_proven, verdict.failed) == (CameraWord.CLEAR, True, ())
    assert (verdict.clear_s, verdict.frames, verdict.observed_share) == (120.0, 200, 0.95)
    assert [point.condition for point in verdict.points] == list(Condition)


def both(**found: object) -> tuple[Look, ...]:
    return look(5, **found), look(65, **found)  # type: ignore[arg-type]


MISSING: dict[Condition, tuple[CameraCheck, Circumstances]] = {
    Condition.ASKABLE: (checked(*CLEAR), replace(FACTS, obstacle=Obstacle.BOX_OFFLINE)),
    Condition.ANSWERED: (checked(Look("c", at(1), failure="no picture in time")), FACTS),
    Condition.CLEAR: (checked(*both(presence=Presence.CANNOT_TELL)), FACTS),
    Condition.IN_TIME: (checked(look(700), look(760)), FACTS),
    Condition.LASTING: (checked(look(5, 60)), FACTS),
    Condition.FRAMES: (checked(*both(looks=9)), FACTS),
    Condition.OBSERVED: (checked(*both(observed_share=0.6)), FACTS),
    Condition.HEALTHY: (checked(*both(picture_health=CameraReason.BLURRED)), FACTS),
    Condition.ON_PRESET: (checked(*CLEAR), replace(FACTS, is_dome=True)),
    Condition.LIT: (checked(*both(light=20.0)), FACTS),
    Condition.OVER: (checked(*CLEAR), replace(FACTS, episodes=(replace(HANDLED, ended_at=None, end_reason=None),))),
    Condition.SEEN_WHEN_TAKEN: (
        checked(*CLEAR),
        replace(FACTS, episodes=(Episode("e", "case-1", DONE - timedelta(hours=1), EndReason.INTERRUPTED),)),
    ),
    Condition.PICTURED: (checked(look(5, pictures=0), look(65, pictures=0)), FACTS),
}


@pytest.mark.parametrize("condition", Condition)
def test_each_missing_condition_alone_hands_over_to_a_person_and_says_which(condition: Condition) -> None:
    check, facts = MISSING[condition]
    verdict = judged(check, facts, at(3600))
    assert verdict is not None
    assert (verdict.word, verdict.is_proven) == (CameraWord.CANNOT_TELL, False)
    assert condition in {point.condition for point in verdict.failed}
    for language in Language:
        said = [point_words(point, load_texts(language)) for point in verdict.points]
        assert all(said)
        assert len(set(said)) == len(said)


@pytest.mark.parametrize("found", [{"light": None}, {"light": 34.9}, {"light": 35.0, "on_preset": False}])
def test_a_dome_says_that_it_was_on_its_preset_and_every_camera_how_light_it_was(found: dict[str, object]) -> None:
    dome = replace(FACTS, is_dome=True)
    assert judged(checked(*both(**found)), dome, at(130)) is None
    good = judged(checked(*both(light=35.0, on_preset=True)), dome, at(130))
    assert good is not None
    assert good.word is CameraWord.CLEAR


def test_still_there_goes_back_with_its_pictures() -> None:
    verdict = judged(checked(look(5, presence=Presence.PRESENT)), FACTS, at(70))
    assert verdict is not None
    assert (verdict.word, verdict.is_proven, len(verdict.pictures)) == (CameraWord.STILL_THERE, True, 2)


@pytest.mark.parametrize("found", [{"light": 10.0}, {"picture_health": CameraReason.COVERED}, {"looks": 3}])
def test_seen_in_a_poor_picture_is_no_proof_but_is_remembered(found: dict[str, object]) -> None:
    check = checked(look(5, presence=Presence.PRESENT, **found))  # type: ignore[arg-type]
    assert judged(check, FACTS, at(70)) is None
    verdict = judged(check, FACTS, at(3600))
    assert verdict is not None
    assert (verdict.word, verdict.is_proven) == (CameraWord.STILL_THERE, False)


@pytest.mark.parametrize(("end", "word"), [(EndReason.LEFT, CameraWord.GONE_BEFORE), (None, CameraWord.CLEAR)])
def test_what_left_before_the_case_was_taken_was_not_handled(end: EndReason | None, word: CameraWord) -> None:
    left = Episode("e1", "case-1", DONE - timedelta(minutes=21), end)
    episodes = (left,) if end is not None else (left, HANDLED)
    verdict = judged(checked(*CLEAR), Circumstances(episodes=episodes), at(130))
    assert verdict is not None
    assert (verdict.word, verdict.is_proven) == (word, True)


def test_a_lorry_in_front_breaks_no_run_that_begins_anew_in_time() -> None:
    hidden = look(5, presence=Presence.CANNOT_TELL, observed_share=0.1)
    check = checked(hidden, look(100), look(160))
    verdict = judged(check, FACTS, at(230))
    assert verdict is not None
    assert (verdict.word, verdict.clear_s) == (CameraWord.CLEAR, 120.0)


def test_the_schedule_asks_at_once_goes_on_while_clear_and_waits_where_nothing_is_proven() -> None:
    assert next_step(CHECK, FACTS, DONE) == Ask(60.0, 105.0)
    running = checked(Look("c", at(0)))
    waiting = next_step(running, FACTS, at(10))
    assert isinstance(waiting, Wait)
    assert waiting.until > at(105)
    assert isinstance(next_step(checked(look(0)), FACTS, at(61)), Ask)
    hidden = checked(look(0, presence=Presence.CANNOT_TELL))
    assert next_step(hidden, FACTS, at(61)) == Wait(at(90))
    assert isinstance(next_step(hidden, FACTS, at(90)), Ask)


def test_where_no_camera_can_be_asked_a_person_checks_at_once() -> None:
    for obstacle in Obstacle:
        verdict = next_step(CHECK, replace(FACTS, obstacle=obstacle), DONE)
        assert isinstance(verdict, Verdict)
        assert [point.word for point in verdict.failed] == [obstacle]


Answer = Callable[[CameraCheck, datetime], Look]


@given(st.lists(st.sampled_from(["clear", "present", "hidden", "dark", "failed"]), min_size=1, max_size=40))
def test_every_check_ends_in_bounded_time_and_passes_only_by_what_was_seen(answers: list[str]) -> None:
    found: dict[str, dict[str, object]] = {
        "clear": {},
        "present": {"presence": Presence.PRESENT},
        "hidden": {"presence": Presence.CANNOT_TELL, "observed_share": 0.2},
        "dark": {"light": 5.0},
    }
    check, now_s, seen = CHECK, 0.0, []
    for turn in range(3 * LOOKS_MAX + 300):
        step = next_step(check, FACTS, at(now_s))
        if isinstance(step, Verdict):
            break
        if isinstance(step, Wait):
            assert step.until > at(now_s)
            now_s = (step.until - DONE).total_seconds()
            continue
        answer = answers[len(check.looks) % len(answers)]
        seen.append(answer)
        asked = look(now_s, **found[answer]) if answer in found else Look(f"c{turn}", at(now_s), failure="no answer")  # type: ignore[arg-type]
        check, now_s = replace(check, looks=(*check.looks, asked)), now_s + (60.0 if answer in found else 105.0)
    else:
        pytest.fail("the check does not end")
    assert at(now_s) <= CHECK.ends_at + timedelta(seconds=110)
    assert len(check.looks) <= LOOKS_MAX
    answered = [answer for answer in seen if answer != "failed"]
    assert (step.word is CameraWord.CLEAR) == (answered[-2:] == ["clear", "clear"])
    assert (step.word is CameraWord.STILL_THERE) == (answered[-1:] == ["present"])


def test_a_limit_of_less_than_a_minute_is_told_in_seconds() -> None:
    point = Point(Condition.IN_TIME, holds=True, seen=25.0, limit=30.0)
    assert point_words(point, load_texts(Language.CHINESE)) == "处置完成后 25 秒开始复看（限 30 秒）"
    assert point_words(point, load_texts(Language.ENGLISH)) == 'Looked 25 s after "done" (at most 30 s)'

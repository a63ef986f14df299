"""Stage clocks over whole lives of cases: what runs, what holds it, what was used."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from central.core.case_machine import CaseAction, CaseState, CaseStatus, Doer, Post, Stage, Survivor, Wish, act
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK, STAGE_LIMITS, Runs, StageLimit, StageRun, clocked
from central.core.clocks import CHINA, parse_limit
from central.core.clocks.explaining import warnings
from protocol.texts import Language

ZONE = ZoneInfo("Asia/Shanghai")
EVERYBODY = Doer("zhou", frozenset(Post) - {Post.CAMERA, Post.CLOCK}, "sanitation")
COLLECTOR = Doer("wu", frozenset({Post.COLLECTOR}))
LIMITS = {**STAGE_LIMITS, Stage.HANDLING: StageLimit(parse_limit("4工作时"))}


class Life:
    """A case and its clocks, driven by actions at local times of a Tuesday and after."""

    def __init__(self, status: CaseStatus = CaseStatus.REPORTED) -> None:
        self.state = CaseState(status, is_public=True)
        self.now = at("03-03 08:00")
        self.runs: Runs = clocked((), None, self.state, self.now, LIMITS, BUILT_IN_CLOCKWORK)

    def go(self, when: str, *actions: CaseAction, **more: object) -> "Life":
        self.now = at(when)
        for action in actions:
            given: dict[str, object] = {
                "reason": "duplicate", "note": "n", "condition": "c",
                "unit": "sanitation", "pictures": 1, "genuine": True,
                "until": self.now + timedelta(days=9), "into": Survivor("case-2", CaseStatus.ACCEPTED), "children": 2,
            }  # fmt: skip
            doer = COLLECTOR if action in {CaseAction.PASS, CaseAction.FAIL} else EVERYBODY
            after = act(self.state, Wish(action, **{**given, **more}), doer, self.now)  # type: ignore[arg-type]
            self.runs = clocked(self.runs, self.state, after, self.now, LIMITS, BUILT_IN_CLOCKWORK)
            self.state = after
        return self

    def used_min(self, stage: Stage) -> list[float]:
        found = [run.used_s(self.now, BUILT_IN_CLOCKWORK) for run in self.runs if run.stage is stage]
        return [round(seconds / 60) for seconds in found]

    def due(self) -> str | None:
        found = self.runs[-1].deadline(BUILT_IN_CLOCKWORK).due
        return None if found is None else f"{found.astimezone(ZONE):%m-%d %H:%M}"


def at(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def handling() -> Life:
    return Life(CaseStatus.ACCEPTED).go("03-03 08:00", CaseAction.REGISTER, CaseAction.DISPATCH, CaseAction.TAKE)


def test_each_stage_has_its_clock_and_all_are_kept() -> None:
    life = Life().go("03-03 08:10", CaseAction.ACCEPT).go("03-03 08:20", CaseAction.REGISTER)
    life.go("03-03 08:35", CaseAction.DISPATCH).go("03-03 09:00", CaseAction.TAKE).go("03-03 11:00", CaseAction.SUBMIT)
    life.go("03-03 11:20", CaseAction.PASS).go("03-03 11:30", CaseAction.CLOSE)
    assert [run.stage for run in life.runs] == [
        Stage.ACCEPTING, Stage.REGISTERING, Stage.DISPATCHING, Stage.HANDLING, Stage.CHECKING, Stage.CLOSING,
    ]  # fmt: skip
    assert [life.used_min(run.stage)[0] for run in life.runs] == [10, 10, 15, 145, 20, 10]
    assert all(run.ended_at is not None for run in life.runs)
    assert not any(run.is_overtime(life.now, BUILT_IN_CLOCKWORK) for run in life.runs)


@pytest.mark.parametrize(("limit", "is_told"), [("4工作时", True), ("1工作日", True), ("4紧急工作时", False)])
def test_a_calendar_that_is_not_listed_any_more_is_told_in_every_deadline_it_may_move(
    limit: str,
    is_told: bool,  # noqa: FBT001 - a table
) -> None:
    began = StageRun(Stage.HANDLING, at("03-03 08:00"), StageLimit(parse_limit(limit)), "gangu-2025.1")
    missing = began.deadline(BUILT_IN_CLOCKWORK)
    for language, word in ((Language.CHINESE, "重新列出"), (Language.ENGLISH, "list that file again")):
        told = warnings(missing, language)
        assert [("gangu-2025.1" in one, "china-2026.1" in one, word in one) for one in told] == [(True,) * 3] * is_told
    earlier = replace(CHINA, version="gangu-2025.1")
    listed = replace(BUILT_IN_CLOCKWORK, calendars={**BUILT_IN_CLOCKWORK.calendars, earlier.version: earlier})
    assert warnings(began.deadline(listed), Language.CHINESE) == ()


def test_verifying_holds_the_acceptors_clock() -> None:
    life = (
        Life()
        .go("03-03 08:05", CaseAction.SEND_VERIFY)
        .go("03-03 08:30", CaseAction.VERIFY)
        .go("03-03 08:38", CaseAction.ACCEPT)
    )
    assert life.used_min(Stage.ACCEPTING) == [13]
    assert life.used_min(Stage.VERIFYING) == [25]


def test_an_extension_survives_a_suspension_in_any_order() -> None:
    first = handling().go("03-03 08:30", CaseAction.ASK_EXTENSION, CaseAction.GRANT_EXTENSION)
    first.go("03-03 09:00", CaseAction.ASK_SUSPENSION, CaseAction.APPROVE_SUSPENSION, CaseAction.APPROVE_SUSPENSION)
    assert first.due() is None
    assert first.go("03-03 10:00", CaseAction.RESUME).due() == "03-04 09:00"
    second = handling().go(
        "03-03 09:00", CaseAction.ASK_SUSPENSION, CaseAction.APPROVE_SUSPENSION, CaseAction.APPROVE_SUSPENSION
    )
    second.go("03-03 10:00", CaseAction.RESUME, CaseAction.ASK_EXTENSION, CaseAction.GRANT_EXTENSION)
    assert second.due() == "03-04 09:00"


def test_a_suspension_over_the_night_costs_working_time_only() -> None:
    life = handling().go(
        "03-03 17:00", CaseAction.ASK_SUSPENSION, CaseAction.APPROVE_SUSPENSION, CaseAction.APPROVE_SUSPENSION
    )
    life.go("03-04 09:00", CaseAction.RESUME)
    assert life.used_min(Stage.HANDLING) == [7 * 60]
    assert life.runs[-1].is_overtime(life.now, BUILT_IN_CLOCKWORK)


def test_a_failed_check_and_a_return_begin_the_handling_anew() -> None:
    life = (
        handling()
        .go("03-03 10:00", CaseAction.SUBMIT)
        .go("03-03 10:10", CaseAction.FAIL)
        .go("03-03 10:20", CaseAction.DISPATCH)
    )
    assert (life.used_min(Stage.HANDLING), life.due()) == ([120, 0], "03-03 16:20")
    life.go("03-03 11:00", CaseAction.RETURN).go("03-03 11:05", CaseAction.DISPATCH)
    assert life.used_min(Stage.HANDLING) == [120, 40, 0]


def test_a_merge_holds_the_clock_and_its_undoing_lets_it_go_on() -> None:
    life = handling().go("03-03 09:00", CaseAction.MERGE)
    assert life.due() is None
    life.go("03-03 11:00", CaseAction.UNMERGE)
    assert life.due() == "03-03 16:00"
    assert life.used_min(Stage.HANDLING) == [60]


def test_a_merge_during_the_verification_goes_on_with_the_same_one() -> None:
    life = Life().go("03-03 08:05", CaseAction.SEND_VERIFY).go("03-03 08:10", CaseAction.MERGE)
    life.go("03-03 09:10", CaseAction.UNMERGE).go("03-03 09:20", CaseAction.VERIFY).go("03-03 09:23", CaseAction.ACCEPT)
    assert life.used_min(Stage.ACCEPTING) == [8]
    assert life.used_min(Stage.VERIFYING) == [15]


def test_notes_and_requests_move_no_clock() -> None:
    life = handling()
    before = life.runs
    assert (
        life.go("03-03 09:00", CaseAction.URGE, CaseAction.SUPERVISE, CaseAction.SPLIT, CaseAction.ASK_EXTENSION).runs
        == before
    )


def test_what_ends_a_case_ends_its_clock() -> None:
    for action in (CaseAction.VOID, CaseAction.FORCE_CLOSE):
        life = handling().go("03-03 09:00", action)
        assert life.runs[-1].ended_at == life.now
    held = handling().go(
        "03-03 09:00", CaseAction.ASK_SUSPENSION, CaseAction.APPROVE_SUSPENSION, CaseAction.APPROVE_SUSPENSION
    )
    held.go("03-03 11:00", CaseAction.FORCE_CLOSE)
    assert held.runs[-1].ended_at == held.now
    assert held.used_min(Stage.HANDLING) == [60]

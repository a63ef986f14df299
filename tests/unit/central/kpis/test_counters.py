"""What a counter counts of a case that ends by no closing: gone, voided, merged."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from central.api.answers.kpis import show_kpi
from central.core.case_machine import CaseStatus
from central.core.kpis import COUNTERS, INDICATORS, CaseFact, holds
from central.core.kpis.page import page
from central.core.values import CaseSource
from central.settings.texts import load_texts
from central.web.figures.wording import counter_words
from protocol.texts import Language

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
END = BEGIN + timedelta(days=1)
OF_HANDLING = {"to_handle", "handled", "handled_in_time", "handled_late", "unhandled_late", "late", "reworked", "timed"}
TO_CLOSE = {"to_close", "events_to_close", "components_to_close", "closed", "open"}


def _after(hours: float) -> datetime:
    return BEGIN + timedelta(hours=hours)


def _done(hours: float = 2) -> CaseFact:
    """Handled for the second time so many hours after it was found, in four; a check is owed."""
    return CaseFact(
        "c1", "E1", CaseSource.COLLECTOR, CaseStatus.AWAITING_CHECK, BEGIN, BEGIN, reported_at=BEGIN,
        registered_at=BEGIN, dispatched_at=BEGIN, handled_at=_after(hours), handle_due_at=_after(4),
        check_asked_at=_after(hours), check_send_due_at=_after(hours + 0.5), is_late=hours > 4, is_reworked=True,
    )  # fmt: skip


def _counted(fact: CaseFact, as_of: datetime = END) -> set[str]:
    return {one.id for one in COUNTERS.values() if holds(one.condition, fact, as_of)}


@pytest.mark.parametrize("hours", [2, 6])
def test_what_the_check_finds_gone_was_handled_by_nobody_and_is_owed_by_nobody(hours: float) -> None:
    gone = replace(_done(hours), gone_at=_after(8), checked_at=_after(8), check_sent_at=_after(8))
    assert _counted(gone) & (OF_HANDLING | TO_CLOSE) == set()
    assert {"dispatched", "gone", "check_asked", "check_to_send"} <= _counted(gone)
    assert "handled" in _counted(gone, _after(7))
    taken_back = replace(gone, gone_at=None)
    assert {"handled", "to_handle", "to_close", "reworked"} <= _counted(taken_back)


@pytest.mark.parametrize("ended", ["voided_at", "merged_at"])
@pytest.mark.parametrize("hours", [2, 6])
def test_what_is_voided_or_merged_after_it_was_done_stays_handled_and_is_not_to_be_closed(
    hours: float, ended: str
) -> None:
    before, after = (_counted(one) & OF_HANDLING for one in (_done(hours), replace(_done(hours), **{ended: _after(8)})))
    assert before == after >= {"to_handle", "handled", "reworked", "handled_late" if hours > 4 else "handled_in_time"}
    assert _counted(replace(_done(hours), **{ended: _after(8)})) & TO_CLOSE == set()
    assert "to_close" in _counted(_done(hours))


@pytest.mark.parametrize("ended", ["voided_at", "merged_at"])
def test_a_check_or_a_verification_that_became_moot_is_owed_by_nobody(ended: str) -> None:
    waiting = replace(_done(), verify_asked_at=BEGIN)
    owed = {"check_asked", "check_to_send", "verify_asked"}
    assert owed <= _counted(waiting)
    assert _counted(replace(waiting, **{ended: _after(8)})) & owed == set()
    made = replace(waiting, checked_at=_after(3), check_sent_at=_after(3), verified_at=_after(1))
    assert owed <= _counted(replace(made, **{ended: _after(8)}))


def test_what_is_closed_by_force_is_to_be_closed_without_a_handling() -> None:
    closed = replace(_done(), handled_at=None, check_asked_at=None, closed_at=_after(3))
    assert {"to_close", "closed"} <= _counted(closed)
    assert _counted(closed) & {"handled", "late"} == set()


def test_the_note_of_a_counter_stands_where_the_counter_is_explained() -> None:
    noted = {one.id: one.note for one in COUNTERS.values() if one.note is not None}
    assert {"verify_to_send", "check_to_send", "to_close", "to_handle"} <= noted.keys()
    for name, note in noted.items():
        assert f"- {COUNTERS[name].names.zh}: {note.zh} ({note.en})." in page()
        for language in Language:
            assert note.say(language) in counter_words(name, load_texts(language))
    told = show_kpi(INDICATORS["closing_rate"], Language.CHINESE).counter_notes
    assert told == {"to_close": noted["to_close"].zh}
    assert "to_close" in show_kpi(INDICATORS["fairness_spread"], Language.ENGLISH).counter_notes

"""The pictures of a case by episode, and the words for their moments."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from central.core.case_machine import CaseState, CaseStatus
from central.core.cases.casefile import Case, CaseView, Episode
from central.core.values import CaseSource, EvidenceItem, EvidenceState
from central.settings.texts import load_texts
from central.web.seat.desk import chosen_stay, newest_report_of, stays_of
from central.web.wording import picture_words
from protocol.messages import EndReason, EvidenceKind
from protocol.texts import Language

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
CASE = Case("case-1", "1", CaseState(CaseStatus.CANDIDATE), CaseSource.DETECTOR, "b1", NOW, NOW, NOW, NOW)
ENGLISH = load_texts(Language.ENGLISH)


def picture(minute: int, episode: str | None, kind: EvidenceKind = EvidenceKind.RAISED) -> EvidenceItem:
    at = NOW + timedelta(minutes=minute)
    return EvidenceItem(f"{minute:064x}", 1, at, kind, EvidenceState.STORED, episode=episode)


def test_pictures_are_apart_by_episode_oldest_first() -> None:
    shown = [picture(5, "ep-2"), picture(1, "ep-1"), picture(3, None), picture(6, "ep-1"), picture(2, "ep-1")]
    stays = stays_of(CaseView(CASE, evidence=tuple(shown)))
    assert [stay.episode for stay in stays] == ["ep-1", "", "ep-2"]
    assert [item.at.minute for item in stays[0].pictures] == [1, 2, 6]


def test_the_newest_episode_whose_picture_has_arrived_is_shown() -> None:
    awaited = replace(picture(9, "ep-3"), state=EvidenceState.PENDING)
    stays = stays_of(CaseView(CASE, evidence=(picture(1, "ep-1"), picture(5, "ep-2"), awaited)))
    assert chosen_stay(stays, None) == chosen_stay(stays, "ep-unknown") == stays[1]
    assert chosen_stay(stays, "ep-1") == stays[0]
    assert chosen_stay(stays, "ep-3") == chosen_stay(stays[2:], None) == stays[2]
    assert chosen_stay((), "ep-1") is None


@pytest.mark.parametrize(
    ("reason", "kind", "words"),
    [
        (EndReason.LEFT, EvidenceKind.ENDED, "After it left"),
        (EndReason.INTERRUPTED, EvidenceKind.ENDED, "Last seen"),
        (EndReason.INTERRUPTED, EvidenceKind.RAISED, "Limit reached"),
    ],
)
def test_only_who_left_is_shown_as_gone(reason: EndReason, kind: EvidenceKind, words: str) -> None:
    other = Episode("ep-2", "case-1", NOW, EndReason.LEFT)
    view = CaseView(CASE, (Episode("ep-1", "case-1", NOW, reason), other))
    assert picture_words(picture(1, "ep-1", kind), view, ENGLISH) == words


def test_a_report_is_read_as_far_as_it_is_understood() -> None:
    report = newest_report_of({"label": "goods", "dwell_s": "long", "score": 1, "model": None})
    assert (report.label, report.dwell_s, report.score, report.model) == ("goods", None, 1.0, None)

"""Cases, their history, numbers and evidence are kept as given, on every database."""

from dataclasses import replace
from datetime import date

import pytest

from central.core.case_machine import CaseState, CaseStatus
from central.core.cases.casefile import CaseStep, Episode, Occurrence
from central.core.values import Actor, ActorKind, CaseSource, EvidenceState
from central.stores.ports import CaseFilter, EvidenceLink, EvidenceRecord, PageRequest, StoreRejected, Stores
from protocol.messages import EndReason, EvidenceKind, EvidenceRef
from tests.support.central_stores import OPERATOR
from tests.support.speaking_box import later
from tests.support.store_samples import ALL, CASE, event

REF = EvidenceRef(sha256="ab" * 32, bytes=100, at=later(0), kind=EvidenceKind.RAISED)


def test_cases_and_episodes(stocked: Stores) -> None:
    elsewhere = replace(
        CASE, id="case-2", number="n2", opened_by_event="e2", spot="other", state=CaseState(CaseStatus.ACCEPTED)
    )
    closed = replace(CASE, id="case-3", number="n3", opened_by_event="e3", state=CaseState(CaseStatus.GONE))
    person = replace(CASE, id="case-4", number="n4", opened_by_event=None, spot=None, source=CaseSource.HOTLINE)
    episodes = [Episode(f"ep{number}", "case-1") for number in range(3)]
    left = replace(episodes[0], ended_at=later(5), end_reason=EndReason.LEFT)
    interrupted = replace(episodes[1], ended_at=later(5), end_reason=EndReason.INTERRUPTED)
    with stocked.writing() as unit:
        unit.cases.save([elsewhere, closed, person], [replace(CASE, version=2)], episodes)
        unit.cases.save([], [], [left, interrupted])
    with stocked.writing() as unit:
        assert unit.cases.open_at(["b1.cam-1/z1/stay", "other", "nowhere"]) == ["case-1", "case-2"]
        assert unit.cases.get(["case-2", "case-1"]) == {"case-1": replace(CASE, version=2), "case-2": elsewhere}
        assert unit.cases.get(["case-3", "no"]) == {"case-3": closed}
        assert unit.cases.known_episodes(["ep0", "ep9"]) == {"ep0": left}
        assert unit.cases.staying(["case-1", "case-2"]) == {"case-1": 2}
        assert unit.cases.episodes(["case-1"]) == {"case-1": (left, interrupted, episodes[2])}
        assert [case.id for case in unit.cases.find(CaseFilter(), ALL).items] == [
            "case-4",
            "case-3",
            "case-2",
            "case-1",
        ]
        assert unit.cases.find(CaseFilter(CaseStatus.GONE, "b1.cam-1", CaseSource.DETECTOR), ALL).items == (closed,)


def test_cases_are_found_by_what_lists_ask_for(stocked: Stores) -> None:
    held = CaseState(
        CaseStatus.SUSPENDED, unit="sanitation", suspended_from=CaseStatus.IN_PROGRESS, suspended_until=later(9)
    )
    over = CaseState(CaseStatus.MERGED, merged_from=CaseStatus.ACCEPTED, merged_into="case-1", parent="case-9")
    more = [
        replace(CASE, id=f"case-{number}", number=f"n{number}", opened_by_event=f"e{number}", state=state)
        for number, state in ((2, held), (3, over), (4, over))
    ]
    with stocked.writing() as unit:
        unit.cases.save(more, [], [])
    with stocked.reading() as unit:
        assert unit.cases.find(CaseFilter(unit="sanitation"), ALL).items == (more[0],)
        assert [list(unit.cases.resumable(later(at), 9)) for at in (8, 9)] == [[], ["case-2"]]
        assert unit.cases.merged_into(["case-1", "case-2"]) == {"case-1": ("case-3", "case-4")}
        assert unit.cases.related("case-3") == {"case-1", "case-9"}
        assert unit.cases.related("case-1") == unit.cases.related("nowhere") == frozenset()


def test_one_event_opens_one_case(stocked: Stores) -> None:
    with pytest.raises(StoreRejected), stocked.writing() as unit:
        unit.cases.save([replace(CASE, id="case-2", number="n2")], [], [])


def test_history_is_in_order(stocked: Stores) -> None:
    actors = [Actor(ActorKind.BOX, "b1"), OPERATOR]
    steps = [
        CaseStep("case-1", later(n), Occurrence.MERGED, actors[n % 2], None, CaseStatus.ACCEPTED, "r", "注", "e1")
        for n in range(5)
    ]
    with stocked.writing() as unit:
        unit.history.append(steps)
    with stocked.reading() as unit:
        first = unit.history.of_case("case-1", PageRequest(3))
        second = unit.history.of_case("case-1", PageRequest(3, first.next))
    assert [*first.items, *second.items] == steps
    assert second.next is None


def test_numbers_are_taken_once(stores: Stores) -> None:
    with stores.writing() as unit:
        taken = [unit.case_numbers.take(date(2026, 3, 2), count) for count in (1, 3, 1)]
        assert unit.case_numbers.take(date(2026, 3, 3), 1) == 1
    assert taken == [1, 2, 5]


def test_evidence(stocked: Stores) -> None:
    second = REF.model_copy(update={"sha256": "cd" * 32, "at": later(1)})
    links = [EvidenceLink(REF, "b1", "e1", "case-1"), EvidenceLink(REF, "b1", "e2", "case-1")]
    with stocked.writing() as unit:
        unit.inbox.add([event(2, episode="ep-2")], [])
        unit.evidence.refer([*links, EvidenceLink(second, "b1", "e2", "case-1")], later(10))
        record = unit.evidence.get("ab" * 32)
        assert record == EvidenceRecord("ab" * 32, 100, "image/jpeg", "b1", later(10))
        assert unit.evidence.get("ef" * 32) is None
        assert unit.evidence.total_bytes() == 0
        unit.evidence.stored(replace(record, stored_at=later(11), stored_by="b1"))
        assert unit.evidence.pending("b1", later(11), 10) == ["cd" * 32]
        assert unit.evidence.pending("b1", later(10), 10) == []
        assert unit.evidence.total_bytes() == 100
        unit.evidence.stored(replace(record, stored_at=later(12), stored_by="wang"))
        assert unit.evidence.total_bytes() == 100, "the same picture again"
        unit.evidence.stored(EvidenceRecord("12" * 32, 7, "image/jpeg", None, later(12), later(12), "wang"))
        assert unit.evidence.total_bytes() == 107
        items = unit.evidence.of_cases(["case-1", "no"])["case-1"]
        assert [(item.sha256, item.state, item.episode) for item in items] == [
            ("ab" * 32, EvidenceState.STORED, None),
            ("cd" * 32, EvidenceState.PENDING, "ep-2"),
        ]

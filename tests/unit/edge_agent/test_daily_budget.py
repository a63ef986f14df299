"""What the day's bytes are spent on: the first pictures last of all to go, clips first."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core.evidence.daily_budget import (
    SHARES,
    Day,
    Rank,
    Waiting,
    given_up,
    may_go,
    next_to_send,
    on_day,
    rank_of,
)
from edge_agent.link.evidence import EvidenceShelf, EvidenceState, sent_on
from edge_agent.link.store import EdgeStore
from protocol.messages import EvidenceKind
from tests.support.samples import evidence

TODAY = date(2026, 3, 1)
EPOCH = "0123456789abcdef"
KINDS = {
    EvidenceKind.STARTED: Rank.STARTED,
    EvidenceKind.RAISED: Rank.STARTED,
    EvidenceKind.PEAK: Rank.PEAK,
    EvidenceKind.ENDED: Rank.ENDED,
    EvidenceKind.CLIP: Rank.CLIP,
    EvidenceKind.SNAPSHOT: Rank.STARTED,
    EvidenceKind.LAST_GOOD: Rank.STARTED,
}


def piece(rank: Rank, size_bytes: int = 100, name: str = "") -> Waiting:
    return Waiting(name or rank.name, size_bytes, rank)


@pytest.mark.parametrize("kind", EvidenceKind)
def test_every_kind_has_its_rank(kind: EvidenceKind) -> None:
    assert rank_of(kind) is KINDS[kind]


@pytest.mark.parametrize(
    ("sent_bytes", "chosen"),
    [
        (0, Rank.STARTED),
        (900, Rank.STARTED),
        (901, None),
        (1500, None),
    ],
)
def test_the_most_important_goes_first_and_only_within_the_day(sent_bytes: int, chosen: Rank | None) -> None:
    firsts = [piece(rank) for rank in (Rank.CLIP, Rank.PEAK, Rank.ENDED, Rank.STARTED)]
    found = next_to_send(firsts, sent_bytes, 1000)
    assert (found.rank if found else None) == chosen


@pytest.mark.parametrize(
    ("sent_bytes", "allowed"),
    [
        (0, {Rank.CLIP, Rank.PEAK, Rank.ENDED, Rank.STARTED, Rank.ASKED}),
        (400, {Rank.CLIP, Rank.PEAK, Rank.ENDED, Rank.STARTED, Rank.ASKED}),
        (401, {Rank.PEAK, Rank.ENDED, Rank.STARTED, Rank.ASKED}),
        (601, {Rank.ENDED, Rank.STARTED, Rank.ASKED}),
        (751, {Rank.STARTED, Rank.ASKED}),
        (901, {Rank.ASKED}),
    ],
)
def test_what_matters_less_stops_earlier(sent_bytes: int, allowed: set[Rank]) -> None:
    assert {rank for rank in Rank if may_go(piece(rank), sent_bytes, 1000)} == allowed
    assert all(may_go(piece(rank), sent_bytes, None) for rank in Rank)


@pytest.mark.parametrize(
    ("sizes", "waiting_bytes", "lost"),
    [
        ({Rank.CLIP: 500, Rank.PEAK: 100, Rank.ENDED: 100, Rank.STARTED: 300}, 1000, ()),
        ({Rank.CLIP: 500, Rank.PEAK: 100, Rank.ENDED: 100, Rank.STARTED: 301}, 1001, (Rank.CLIP,)),
        ({Rank.CLIP: 501, Rank.STARTED: 100}, 601, (Rank.CLIP,)),
        ({Rank.PEAK: 200, Rank.ENDED: 200, Rank.STARTED: 900}, 1300, (Rank.PEAK, Rank.ENDED)),
        ({Rank.CLIP: 100, Rank.STARTED: 100, Rank.ASKED: 5000}, 5200, (Rank.CLIP, Rank.STARTED)),
    ],
)
def test_clips_are_given_up_first_and_first_pictures_last(
    sizes: dict[Rank, int], waiting_bytes: int, lost: tuple[Rank, ...]
) -> None:
    waiting = [piece(rank, size) for rank, size in sorted(sizes.items())]
    assert tuple(one.rank for one in given_up(waiting, waiting_bytes, 1000)) == lost
    assert given_up(waiting, waiting_bytes, None) == ()


def test_the_oldest_of_a_rank_go_first() -> None:
    waiting = [piece(Rank.ENDED, 400, name) for name in ("old", "middle", "new")]
    assert [one.sha256 for one in given_up(waiting, 1200, 1000)] == ["old"]


@pytest.mark.parametrize(
    ("day", "today", "sent_bytes"),
    [
        (None, TODAY, 0),
        (Day(TODAY, 7), TODAY, 7),
        (Day(TODAY, 7), TODAY + timedelta(days=1), 0),
        (Day(TODAY, 7), TODAY - timedelta(days=400), 0),
    ],
)
def test_a_day_counts_for_itself(day: Day | None, today: date, sent_bytes: int) -> None:
    assert on_day(day, today) == Day(today, sent_bytes)


pieces = st.builds(piece, st.sampled_from([Rank.CLIP, Rank.PEAK, Rank.ENDED, Rank.STARTED]), st.integers(1, 400))


@given(coming=st.lists(pieces, max_size=60), bytes_per_day=st.integers(100, 2000))
def test_no_day_costs_more_and_no_first_picture_is_given_up_before_anything_else(
    coming: list[Waiting], bytes_per_day: int
) -> None:
    waiting, sent_bytes = sorted(coming, key=lambda one: one.rank), 0
    lost = given_up(waiting, sum(one.size_bytes for one in waiting), bytes_per_day)
    left = [one for one in waiting if not any(one is gone for gone in lost)]
    fitting = [one for one in lost if may_go(one, 0, bytes_per_day)]
    assert sum(one.size_bytes for one in left) <= bytes_per_day
    assert not fitting or all(one.rank >= max(gone.rank for gone in fitting) for one in left)
    while (chosen := next_to_send(left, sent_bytes, bytes_per_day)) is not None:
        assert not any(one.rank > chosen.rank and may_go(one, sent_bytes, bytes_per_day) for one in left)
        left = [one for one in left if one is not chosen]
        sent_bytes += chosen.size_bytes
    assert sent_bytes <= bytes_per_day
    assert not [one for one in left if sent_bytes + one.size_bytes <= SHARES[one.rank] * bytes_per_day]


def shelf_in(folder: Path, day: date = TODAY, bytes_per_day: int | None = 40_000) -> tuple[EdgeStore, EvidenceShelf]:
    store = EdgeStore(folder, EPOCH)
    return store, EvidenceShelf(store, lambda: day, bytes_per_day)


def put(shelf: EvidenceShelf, kind: EvidenceKind, number: int) -> str:
    sha256 = f"{number:064x}"
    shelf.add(evidence(kind, sha256), rank_of(kind))
    (shelf.folder / f"{sha256}.jpg").write_bytes(b"x")
    return sha256


def test_what_was_sent_counts_after_a_restart_and_not_tomorrow(tmp_path: Path) -> None:
    store, shelf = shelf_in(tmp_path)
    first = put(shelf, EvidenceKind.RAISED, 1)
    shelf.spend(20_000)
    shelf.spend(10_000)
    assert shelf.next_pending() is None
    store.close()
    store, shelf = shelf_in(tmp_path)
    assert sent_on(store, TODAY) == 30_000
    assert shelf.next_pending() is None
    store.close()
    store, shelf = shelf_in(tmp_path, TODAY + timedelta(days=1))
    waiting = shelf.next_pending()
    assert waiting is not None
    assert waiting.sha256 == first
    assert sent_on(store, TODAY + timedelta(days=1)) == 0
    store.close()


def test_what_somebody_asked_for_goes_all_the_same(tmp_path: Path) -> None:
    store, shelf = shelf_in(tmp_path)
    put(shelf, EvidenceKind.RAISED, 1)
    shelf.spend(40_000)
    shelf.add(evidence(EvidenceKind.SNAPSHOT, f"{2:064x}"), Rank.ASKED)
    waiting = shelf.next_pending()
    assert waiting is not None
    assert waiting.sha256 == f"{2:064x}"
    store.close()


def test_given_up_is_counted_and_not_brought_back_by_central(tmp_path: Path) -> None:
    store, shelf = shelf_in(tmp_path)
    kinds = [EvidenceKind.RAISED, EvidenceKind.PEAK, EvidenceKind.ENDED]
    shas = {kind: put(shelf, kind, number) for number, kind in enumerate(kinds)}
    assert shelf.give_up() == 1
    assert store.number("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'evidence_lost'") == 1
    assert shelf.give_up() == 0
    shelf.want_again((shas[EvidenceKind.PEAK],))
    order = []
    while (waiting := shelf.next_pending()) is not None:
        order.append(waiting.sha256)
        shelf.mark(waiting.sha256, EvidenceState.STORED)
    assert order == [shas[EvidenceKind.RAISED], shas[EvidenceKind.ENDED]]
    store.close()


def test_without_a_limit_everything_goes_most_important_first(tmp_path: Path) -> None:
    store, shelf = shelf_in(tmp_path, bytes_per_day=None)
    kinds = [EvidenceKind.PEAK, EvidenceKind.ENDED, EvidenceKind.CLIP, EvidenceKind.STARTED]
    shas = {put(shelf, kind, number): kind for number, kind in enumerate(kinds)}
    assert shelf.give_up() == 0
    order = []
    while (waiting := shelf.next_pending()) is not None:
        order.append(shas[waiting.sha256])
        shelf.mark(waiting.sha256, EvidenceState.STORED)
    assert order == [EvidenceKind.STARTED, EvidenceKind.ENDED, EvidenceKind.PEAK, EvidenceKind.CLIP]
    store.close()

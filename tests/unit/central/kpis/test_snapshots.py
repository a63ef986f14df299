"""A published month: sealed as it was, incomplete while a box has not told it, and revised with a difference."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.kpis.figures import Bounds, Figure, figure_of
from central.core.kpis.periods import CalendarUnit, period_of
from central.core.kpis.phases import Note
from central.core.kpis.publishing.published import remarks
from central.core.kpis.publishing.snapshots import BoxMark, Snapshot, difference, frozen, revised
from central.core.kpis.registry.indicators import INDICATORS
from protocol.texts import Language, Words

MARCH = period_of(CalendarUnit.MONTH, date(2026, 3, 15))
AS_OF = datetime(2026, 4, 3, 2, tzinfo=UTC)
ZH, EN = Language.CHINESE, Language.ENGLISH
WHOLE = BoxMark("box-1", "e1", 900, MARCH.end)
GAP = BoxMark("box-2", "e7", 41, datetime(2026, 3, 20, 4, tzinfo=UTC), has_gap=True)


def figure(name: str = "closing_rate", hits: int = 911, total: int = 972, group: str = "") -> Figure:
    return figure_of(INDICATORS[name], {"closed": hits, "to_close": total, "late": hits, "to_handle": total}, group)


def march(*marks: BoxMark, figures: tuple[Figure, ...] = (figure(),), as_of: datetime = AS_OF) -> Snapshot:
    return frozen(MARCH, as_of, marks, figures)


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        (WHOLE, None),
        (replace(GAP, until=MARCH.end + timedelta(seconds=1)), None),
        (GAP, ("box-2：第41条之后有未补的缺口", "box-2: a gap after message 41 is not closed")),
        (
            replace(WHOLE, until=MARCH.end - timedelta(seconds=1)),
            (
                "box-1：数据未到月底（到2026-03-31 23:59）",
                "box-1: not told to the end of the month (up to 2026-03-31 23:59)",
            ),
        ),
        (BoxMark("box-3", "", 0, None), ("box-3：没有数据", "box-3: nothing was told")),
    ],
)
def test_a_month_is_incomplete_while_a_box_has_not_told_it(mark: BoxMark, told: tuple[str, str] | None) -> None:
    month = march(mark)
    assert month.is_complete is (told is None)
    assert ("未齐" in month.title(ZH)) is ("incomplete" in month.title(EN)) is (told is not None)
    assert [*month.open_words(ZH), *month.open_words(EN)] == list(told or ())


def test_the_seal_is_the_same_in_any_order_and_in_any_zone() -> None:
    figures = [figure(), figure("late_rate"), figure(group="u1"), figure(group="u2")]
    marks = [WHOLE, GAP]
    seal = march(*marks, figures=tuple(figures)).seal
    shuffled = Random(3).sample(figures, len(figures))
    there = timezone(timedelta(hours=8))
    moved = [replace(mark, until=mark.until and mark.until.astimezone(there)) for mark in reversed(marks)]
    assert march(*moved, figures=tuple(shuffled), as_of=AS_OF.astimezone(there)).seal == seal


def test_the_seal_is_that_of_the_stated_content() -> None:
    # Independent of the code: printf '%s' JSON | sha256sum
    assert march(WHOLE, GAP).seal == "c0c28f9fb5dda6ea323a13d1a251bd054dd1aeed54e7dd7128eb266276a64180"


def of_before() -> Snapshot:
    """Return a month as the first form held and sealed it."""
    return replace(march(WHOLE, GAP), form=1, seal="6fbad521d066feb10b7833829166b88ccbb9533d8afedd9021b9fab0ab37697a")


def test_a_month_of_the_first_form_stands_and_a_later_release_alone_revises_nothing() -> None:
    before = of_before()
    assert before.is_intact
    assert not replace(before, form=2).is_intact
    unsure = replace(figure(), is_below_minimum=True, bounds=Bounds(0.9, None, 1.0), notes=(Note.TRIAL_OPERATION,))
    assert revised(before, march(WHOLE, GAP, figures=(unsure,))) is None
    assert revised(before, march(WHOLE, GAP, figures=(figure(), figure("late_rate")))) is None
    assert revised(march(WHOLE, GAP, figures=(figure(), figure("late_rate"))), march(WHOLE, GAP)) is None
    assert revised(before, march(WHOLE, GAP, figures=(figure(), figure(group="u1")))) is not None
    late = revised(before, march(WHOLE, GAP, figures=(figure(hits=912),)))
    assert late is not None
    assert (late.revision, late.form, late.previous, late.is_intact) == (2, 2, before.seal, True)
    assert difference(before, late, EN)[1:2] == ("closing rate (the city): 93.72% (911 / 972) -> 93.83% (912 / 972)",)
    assert len(difference(before, late, EN)) == 3


@pytest.mark.parametrize(
    "honest",
    [
        {"is_below_minimum": True},
        {"reason": Words("没有", "none")},
        {"bounds": Bounds(0.5, None, 1.0)},
        {"notes": (Note.TRIAL_OPERATION,)},
    ],
)
def test_what_keeps_a_figure_honest_is_sealed(honest: dict[str, object]) -> None:
    month = march(WHOLE)
    (one,) = month.figures
    assert not replace(month, figures=(replace(one, **honest),)).is_intact  # type: ignore[arg-type]


def test_published_figures_tell_few_cases_reasons_and_bounds() -> None:
    told = [
        figure(),
        figure("late_rate", 1, 4),
        figure(group="u1", total=0, hits=0),
        replace(figure(group="u2"), bounds=Bounds(0.5, 0.75, 0.8), notes=(Note.TRIAL_OPERATION,)),
    ]
    said = {one.key: list(remarks(one, EN)) for one in march(figures=tuple(told)).figures}
    assert said == {
        ("closing_rate", ""): [],
        ("late_rate", ""): ["fewer than 30 cases: shown, and not to be relied on"],
        ("closing_rate", "u1"): ["nothing to divide: cases to be closed is 0 in this period"],
        ("closing_rate", "u2"): [
            "50.00% (unknown as no) - 75.00% (unknown left out); at most 80.00%",
            "reaches into trial operation",
        ],
    }
    assert list(remarks(of_before().figures[0], EN)) == []
    assert (
        list(remarks(replace(of_before().figures[0], indicator="of another release", is_below_minimum=True), EN)) == []
    )


def test_only_the_bounds_of_a_figure_that_move_are_a_difference_and_are_told() -> None:
    first, second = (march(figures=(replace(figure(), bounds=Bounds(0.5, 0.75, top)),)) for top in (0.9, 0.8))
    late = revised(first, second)
    assert late is not None
    edges = "93.72% (911 / 972) [50.00% (unknown as no) - 75.00% (unknown left out); at most {top}]"
    was, is_now = edges.format(top="90.00%"), edges.format(top="80.00%")
    assert difference(first, late, EN)[1] == f"closing rate (the city): {was} -> {is_now}"


@pytest.mark.parametrize(
    "change",
    [
        {"revision": 2},
        {"as_of": AS_OF + timedelta(microseconds=1)},
        {"previous": "0" * 64},
        {"made_at": AS_OF + timedelta(days=1)},
        {"made_by": "wang"},
        {"marks": (WHOLE,)},
        {"marks": (replace(WHOLE, upto=901), GAP)},
        {"marks": (replace(WHOLE, epoch="e2"), GAP)},
        {"marks": (WHOLE, replace(GAP, has_gap=False))},
        {"figures": ()},
    ],
)
def test_whatever_is_changed_afterwards_is_noticed(change: dict[str, object]) -> None:
    month = march(WHOLE, GAP)
    assert month.is_intact
    changed = replace(month, **change)  # type: ignore[arg-type]
    assert not changed.is_intact
    with pytest.raises(ValueError, match="not what was sealed"):
        revised(changed, replace(month, as_of=AS_OF + timedelta(days=1)))


def test_late_facts_make_the_next_revision_and_leave_the_first_as_it_was() -> None:
    first = march(WHOLE, GAP, figures=(figure(), figure("late_rate", 0, 0)))
    seal = first.seal
    closed_gap = replace(GAP, upto=60, until=MARCH.end, has_gap=False)
    late = AS_OF + timedelta(days=2)
    second = revised(
        first, march(WHOLE, closed_gap, figures=(figure(hits=915, total=975), figure(group="u1")), as_of=late)
    )
    assert second is not None
    assert (second.revision, second.previous, second.is_intact) == (2, seal, True)
    assert (first.seal, first.is_intact, first.revision) == (seal, True, 1)
    assert difference(first, second, ZH) == (
        "2026-03 第2版，与第1版相比：",
        "结案率（全市）：93.72% (911 / 972) → 93.85% (915 / 975)",
        "结案率（u1）：未列 → 93.72% (911 / 972)",
        "超期率（全市）：无数据 → 未列",
        "数据已齐",
    )
    assert difference(first, second, EN) == (
        "2026-03, revision 2, beside revision 1:",
        "closing rate (the city): 93.72% (911 / 972) -> 93.85% (915 / 975)",
        "closing rate (u1): not listed -> 93.72% (911 / 972)",
        "late rate (the city): no figure -> not listed",
        "the month is complete now",
    )


def test_a_share_that_rests_on_other_cases_is_a_difference_and_a_gap_that_moves_is_none() -> None:
    first = march(GAP, figures=(figure(hits=1, total=2),))
    assert revised(first, march(replace(GAP, upto=50), figures=(figure(hits=1, total=2),))) is None
    second = revised(first, march(GAP, figures=(figure(hits=2, total=4),)))
    assert second is not None
    assert difference(first, second, EN) == (
        "2026-03, revision 2 (incomplete), beside revision 1:",
        "closing rate (the city): 50.00% (1 / 2) -> 50.00% (2 / 4)",
        "box-2: a gap after message 41 is not closed",
    )


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8))
def test_a_chain_of_revisions_has_one_for_each_change(hits: list[int]) -> None:
    chain = [march(WHOLE, figures=(figure(hits=hits[0], total=50),))]
    for count in hits[1:]:
        later = revised(chain[-1], march(WHOLE, figures=(figure(hits=count, total=50),)))
        if later is not None:
            chain.append(later)
    assert len(chain) == 1 + sum(old != new for old, new in pairwise(hits))
    assert [one.revision for one in chain] == list(range(1, len(chain) + 1))
    assert all(one.is_intact for one in chain)
    assert [one.previous for one in chain[1:]] == [one.seal for one in chain[:-1]]


def test_what_cannot_be_frozen_is_refused() -> None:
    with pytest.raises(ValueError, match="calendar month"):
        frozen(period_of(CalendarUnit.WEEK, date(2026, 3, 2)), AS_OF, (), ())
    with pytest.raises(ValueError, match="when it is over"):
        march(as_of=MARCH.end - timedelta(seconds=1))
    with pytest.raises(ValueError, match="once"):
        march(WHOLE, replace(WHOLE, upto=3))
    with pytest.raises(ValueError, match="once"):
        march(figures=(figure(), figure(hits=1)))
    with pytest.raises(ValueError, match="same month"):
        revised(march(WHOLE), march(WHOLE, as_of=AS_OF - timedelta(days=1)))

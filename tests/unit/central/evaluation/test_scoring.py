"""Points, totals and grades: the two shipped years, single rules by table, and what must never move."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.evaluation import Facts, as_json, evaluation, faults
from central.core.evaluation.lines import Quantitative
from central.core.evaluation.scoring import grade_of, share
from protocol.texts import Language
from tests.support.evaluation import assessed, facts, quantitative, scored

ACTUALS = st.decimals(min_value=0, max_value=200, places=3, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("rule", "direction", "floor", "target", "actual", "points"),
    [
        ("proportional", "at_least", None, 50, 50, "10.00"),
        ("proportional", "at_least", None, 50, 25, "5.00"),
        ("proportional", "at_least", None, 50, 80, "10.00"),
        ("proportional", "at_least", None, 5, -2, "0.00"),
        ("proportional", "at_most", None, 2, 1.9, "10.00"),
        ("proportional", "at_most", None, 2, 4, "5.00"),
        ("proportional", "at_most", None, 2, 0, "10.00"),
        ("proportional", "at_least", None, 3, 1, "3.33"),
        ("proportional", "at_least", None, 8, 1.0036, "1.25"),
        ("proportional", "at_least", None, 1, 0.0005, "0.01"),
        ("met_or_zero", "at_least", None, 1, 1, "10.00"),
        ("met_or_zero", "at_least", None, 1, 0.99, "0.00"),
        ("met_or_zero", "at_most", None, 2, 2, "10.00"),
        ("met_or_zero", "at_most", None, 2, 2.01, "0.00"),
        ("floor", "at_least", 0.99, 0.999, 0.9985, "9.44"),
        ("floor", "at_least", 0.90, 0.95, 0.96, "10.00"),
        ("floor", "at_least", 0.90, 0.95, 0.90, "0.00"),
        ("floor", "at_least", 0.90, 0.95, 0.5, "0.00"),
        ("floor", "at_most", 4, 2, 3, "5.00"),
        ("floor", "at_most", 4, 2, 1, "10.00"),
        ("floor", "at_most", 4, 2, 5, "0.00"),
    ],
)
def test_rules(  # noqa: PLR0913, PLR0917 - one for each column
    rule: str, direction: str, floor: float | None, target: float, actual: float, points: str
) -> None:
    line = quantitative("one", 10, rule=rule, direction=direction, floor=floor, target=target, actual=actual)
    assert str(scored([line, assessed("rest", 90)])["one"]) == points


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("100", "优"),
        ("90", "优"),
        ("89.99", "良"),
        ("80", "良"),
        ("79.99", "中"),
        ("60", "中"),
        ("59.99", "差"),
        ("0", "差"),
    ],
)
def test_bands_begin_at_their_lower_edge(total: str, grade: str) -> None:
    assert grade_of(Decimal(total)) == grade


@given(st.lists(ACTUALS, min_size=3, max_size=3), st.integers(0, 2), ACTUALS)
def test_one_actual_moves_its_line_and_the_sum_alone(actuals: list[Decimal], moved: int, new: Decimal) -> None:
    def lines(values: list[Decimal]) -> list[dict[str, object]]:
        return [quantitative(f"l{at}", 30, target=50, actual=float(value)) for at, value in enumerate(values)]

    rest = assessed("rest", 10)
    before = evaluation(facts([*lines(actuals), rest])).outcome
    after = evaluation(facts([*lines([*actuals[:moved], new, *actuals[moved + 1 :]]), rest])).outcome
    same = [one.score == other.score for one, other in zip(before.scores, after.scores, strict=True)]
    assert all(kept for at, kept in enumerate(same) if at != moved)
    assert after.total - before.total == after.scores[moved].score - before.scores[moved].score
    assert after.total == sum(one.score for one in after.scores)


@given(st.decimals(0, 100, places=2), st.sampled_from("优良中差"), st.dictionaries(st.just("甲"), st.integers(0, 100)))
def test_what_was_published_is_never_a_score(total: Decimal, grade: str, levels: dict[str, int]) -> None:
    lines = [quantitative("one", 60, target=3, actual=2), assessed("rest", 40, given=31)]
    told = evaluation(facts(lines, published={**levels, "total": float(total), "grade": grade}))
    silent = evaluation(facts(lines))
    assert told.outcome == silent.outcome
    assert as_json(silent, Language.ENGLISH)["published"] is None


@given(ACTUALS, ACTUALS, st.sampled_from(["proportional", "met_or_zero", "floor"]), st.booleans())
def test_a_better_value_never_gets_less(one: Decimal, other: Decimal, rule: str, least: bool) -> None:  # noqa: FBT001
    floor = None if rule != "floor" else (10 if least else 90)
    direction = "at_least" if least else "at_most"
    found = facts([quantitative("x", 100, rule=rule, direction=direction, target=50, floor=floor)]).index_tree[0]
    assert isinstance(found, Quantitative)
    worse, better = sorted((one, other), reverse=not least)
    assert 0 <= share(found, worse) <= share(found, better) <= 1


def test_what_was_not_published_gets_what_an_assessor_entered_and_without_one_nothing() -> None:
    entry = {"given": 12, "assessor": "评价组", "reason": "抽查可用"}
    found = evaluation(facts([quantitative("a", 50, actual=None, **entry), quantitative("b", 50, actual=None)]))
    assert [str(one.score) for one in found.outcome.scores] == ["12.00", "0.00"]
    assert [one.id for one in found.hints] == ["unmeasured_line", "unmeasured_line"]
    bases = [one["basis"] for one in as_json(found, Language.ENGLISH)["indicators"]]
    assert bases == ["not published, entered by an assessor", "not published, nobody entered anything, no points"]


def test_a_share_of_the_records_is_taken_in_the_unit_of_its_line() -> None:
    contract = {"id": "c", "name": "监控", "budget_line": "b", "amount_cny": 9}
    contract["items"] = [{"id": f"i{at}", "name": "枪机", "quantity": 1} for at in range(4)]
    passed = [{"id": "a", "item": "i0", "on": date(2026, 4, 1), "passed": True, "by": "验收组"}]
    records = {"budget_lines": [{"id": "b", "name": "硬件", "planned_cny": 9}], "contracts": [contract]}
    of_one = quantitative("a", 40, actual=None, record="acceptance_rate", target=0.5)
    per_cent = quantitative("b", 40, actual=None, record="acceptance_rate", target=50, unit="%")
    count = quantitative("c", 20, actual=None, record="training_attendances", target=1, unit="%")
    found = evaluation(facts([of_one, per_cent, count], records={**records, "acceptances": passed}))
    assert [str(one.score) for one in found.outcome.scores] == ["20.00", "20.00", "0.00"]
    told = [str(one["evidence"]) for one in as_json(found, Language.ENGLISH)["indicators"]]
    assert [one.rpartition(": ")[2] for one in told] == [
        "0.25", "25", "not published, nobody entered anything, no points",
    ]  # fmt: skip


def test_the_lines_add_up_to_their_levels_and_these_to_the_total() -> None:
    found = evaluation(
        facts([assessed(f"l{at}", 10, given=9.99, path=["甲" if at < 3 else "乙"[:1], f"丙{at}"]) for at in range(10)])
    )
    assert [(one.name, str(one.points), str(one.score)) for one in found.outcome.levels] == [
        ("甲", "30", "29.97"),
        ("乙", "70", "69.93"),
    ]
    assert str(found.outcome.total) == "99.90"


def test_facts_are_right_as_the_builders_make_them() -> None:
    assert isinstance(facts([assessed("a", 100)]), Facts)
    assert faults(facts([assessed("a", 100)])) == ()

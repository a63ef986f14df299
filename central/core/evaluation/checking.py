"""What a facts file must keep beyond its form: sums, references and ids. All faults at once, each with its place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches

from central.core.evaluation.decimals import HUNDRED, shown
from central.core.evaluation.facts import HEADINGS, Facts
from central.core.evaluation.lines import Quantitative
from central.core.evaluation.names import GOALS
from central.core.evaluation.recorded import RECORDED
from central.core.evaluation.records import items, twice
from central.core.kpis.registry.indicators import INDICATORS
from protocol.texts import Said, Words

Loc = tuple[int | str, ...]

POINTS = Words(
    zh="各项分值合计 {sum}，应为 100；请改 points",
    en="the points add up to {sum}, they should give 100; change `points`",
)
TWICE = Words(zh="编号 {id} 已经用过；每个编号只用一次", en="the id {id} stands above already; use each id once")
PATH_TWICE = Words(zh="指标 {path} 已经写过", en="the indicator {path} stands above already")
PATH_ABOVE = Words(
    zh="{path} 之下还有下级指标；只给最末级指标打分",
    en="{path} has indicators below it; only the lowest level gets points",
)
UNKNOWN = Words(zh="没有 {id} 这一项；可用：{known}", en="there is no {id}; there are: {known}")
GOAL_UNKNOWN = Words(
    zh="没有指标 {id}（{close}）；自定的指标请写 name",
    en="there is no indicator {id} ({close}); give one of your own a `name`",
)
BOTH = Words(
    zh="写了 record 就不写 actual 和 kpi：数值由记录得出",
    en="write `record` without `actual` and `kpi`: a record gives the value",
)
YEAR = Words(zh="评价期 {first} 至 {last} 不在 {year} 年", en="the period {first} to {last} is not in the year {year}")
NOT_OF_UNIT = Words(
    zh="评价由项目单位自己进行（evaluation_done_by），是单位自评，不是{mode}；请改其中一项",
    en="the unit evaluates itself (`evaluation_done_by`): that is 单位自评, not {mode}; change one of them",
)
AS_OF = Words(zh="监控日 {day} 不在评价期内", en="the day of the monitoring, {day}, is outside the period")


@dataclass(frozen=True, slots=True)
class FactsFault(Said):
    """One thing that is wrong, and where it stands in the file."""

    loc: Loc
    words: Words
    values: Mapping[str, object] = field(default_factory=dict)


def faults(facts: Facts) -> tuple[FactsFault, ...]:
    """Everything that is wrong with a file whose form is right; empty when it can be evaluated."""
    return (
        *_mode(facts),
        *_tree(facts),
        *_bases(facts),
        *_names(facts),
        *_ids(facts),
        *_references(facts),
        *_days(facts),
    )


def _mode(facts: Facts) -> Iterator[FactsFault]:
    if facts.is_done_by_unit and not facts.is_self_evaluation:
        yield FactsFault(("mode",), NOT_OF_UNIT, {"mode": facts.mode})


def _tree(facts: Facts) -> Iterator[FactsFault]:
    tree = facts.index_tree
    total = sum((line.points for line in tree), Decimal(0))
    if total != HUNDRED:
        yield FactsFault(("index_tree",), POINTS, {"sum": shown(total)})
    for at in twice([line.id for line in tree]):
        yield FactsFault(("index_tree", at, "id"), TWICE, {"id": tree[at].id})
    paths = [tuple(line.path) for line in tree]
    for at, path in enumerate(paths):
        told = {"path": " / ".join(path)}
        if path in paths[:at]:
            yield FactsFault(("index_tree", at, "path"), PATH_TWICE, told)
        if any(other[: len(path)] == path and len(other) > len(path) for other in paths):
            yield FactsFault(("index_tree", at, "path"), PATH_ABOVE, told)


def _bases(facts: Facts) -> Iterator[FactsFault]:
    for at, line in enumerate(facts.index_tree):
        if isinstance(line, Quantitative) and line.record is not None:
            if line.record not in RECORDED:
                yield _unknown(("index_tree", at, "record"), line.record, list(RECORDED))
            if line.actual is not None or line.kpi is not None:
                yield FactsFault(("index_tree", at, "record"), BOTH)
        if isinstance(line, Quantitative) and line.kpi is not None and line.kpi not in INDICATORS:
            yield _unknown(("index_tree", at, "kpi"), line.kpi, list(INDICATORS))


def _names(facts: Facts) -> Iterator[FactsFault]:
    for goal, target in facts.targets.items():
        if goal not in GOALS and target.name is None:
            close = ", ".join(get_close_matches(goal, GOALS, n=3, cutoff=0.4)) or ", ".join(GOALS)
            yield FactsFault(("targets", goal), GOAL_UNKNOWN, {"id": goal, "close": close})
    levels = list(dict.fromkeys(line.path[0] for line in facts.index_tree))
    for name in facts.published.levels if facts.published else ():
        if name not in levels:
            yield _unknown(("published", name), name, levels)
    for heading in facts.texts:
        if heading not in HEADINGS:
            yield _unknown(("texts", heading), heading, HEADINGS)
    known = list(facts.targets) or [line.id for line in facts.index_tree if isinstance(line, Quantitative)]
    for goal in facts.monitoring.readings if facts.monitoring else ():
        if goal not in known:
            yield _unknown(("monitoring", "readings", goal), goal, known)


def _ids(facts: Facts) -> Iterator[FactsFault]:
    records = facts.records
    lists: dict[str, Sequence[str]] = {
        "budget_lines": [one.id for one in records.budget_lines],
        "contracts": [one.id for one in records.contracts],
        "payments": [one.id for one in records.payments],
        "acceptances": [one.id for one in records.acceptances],
        "devices": [one.id for one in records.devices],
        "trainings": [one.id for one in records.trainings],
        "surveys": [one.id for one in records.surveys],
        "milestones": [one.id for one in records.milestones],
    }
    for name, ids in lists.items():
        for at in twice(ids):
            yield FactsFault(("records", name, at, "id"), TWICE, {"id": ids[at]})
    places = [(at, place) for at, one in enumerate(records.contracts) for place in range(len(one.items))]
    ids = [item.id for item in items(records)]
    for number in twice(ids):
        at, place = places[number]
        yield FactsFault(("records", "contracts", at, "items", place, "id"), TWICE, {"id": ids[number]})


def _references(facts: Facts) -> Iterator[FactsFault]:
    records = facts.records
    lines, contracts = [one.id for one in records.budget_lines], [one.id for one in records.contracts]
    known = [item.id for item in items(records)]
    for at, contract in enumerate(records.contracts):
        if contract.budget_line not in lines:
            yield _unknown(("records", "contracts", at, "budget_line"), contract.budget_line, lines)
    for at, payment in enumerate(records.payments):
        if payment.contract not in contracts:
            yield _unknown(("records", "payments", at, "contract"), payment.contract, contracts)
    for at, acceptance in enumerate(records.acceptances):
        if acceptance.item not in known:
            yield _unknown(("records", "acceptances", at, "item"), acceptance.item, known)
    for at, link in enumerate(records.devices):
        if link.item not in known:
            yield _unknown(("records", "devices", at, "item"), link.item, known)


def _days(facts: Facts) -> Iterator[FactsFault]:
    period = facts.period
    if not period.first.year == period.last.year == facts.year:
        told = {"first": period.first, "last": period.last, "year": facts.year}
        yield FactsFault(("period",), YEAR, told)
    if facts.monitoring and not period.first <= facts.monitoring.as_of <= period.last:
        yield FactsFault(("monitoring", "as_of"), AS_OF, {"day": facts.monitoring.as_of})


def _unknown(loc: Loc, name: str, known: Sequence[str]) -> FactsFault:
    close = get_close_matches(name, known, n=5, cutoff=0.4) or list(known)[:20]
    return FactsFault(loc, UNKNOWN, {"id": name, "known": ", ".join(close) or "-"})

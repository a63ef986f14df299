"""An evaluation takes records and figures from the platform where its file leaves them out, on both databases."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from central.cli import app
from central.core.case_machine import CaseAction
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.evaluation import Evaluation, as_json, evaluation, faults
from central.core.evaluation.reporting.composing import compose
from central.core.evaluation.reporting.report import Table
from central.core.evaluation.sources import with_stored
from central.core.evaluation.trees import facts_file
from central.core.kpis.registry.definitions import Unit
from central.core.kpis.registry.indicators import INDICATORS
from central.services.figures.evaluating import Evaluating
from central.services.figures.kpis import Kpis
from central.services.figures.project_records import ProjectRecords
from central.settings.evaluation_file import load_facts
from central.stores.open_stores import SqlStores
from central.stores.ports import Stores
from protocol.texts import Language
from tests.support.casework import Staff
from tests.support.evaluation import assessed, facts, quantitative
from tests.support.project_records import PAYMENT, first, keep_records
from tests.support.speaking_box import later

ZONE = ZoneInfo("Asia/Shanghai")
NOW = later(0) + timedelta(days=300)


def evaluated(stores: Stores, *lines: dict[str, Any], **more: object) -> Evaluation:
    evaluating = Evaluating(ProjectRecords(stores, ZONE), Kpis(stores, BUILT_IN_CLOCKWORK), ZONE)
    points = 100 - sum(line["points"] for line in lines)
    written = facts([*lines, assessed("rest", points)], **more)
    whole, _ = with_stored(written, evaluating.stored(2026))
    assert faults(whole) == ()
    return evaluation(whole, evaluating.sources(whole, NOW))


def line(found: Evaluation, name: str) -> dict[str, Any]:
    told: Any = as_json(found, Language.ENGLISH)["indicators"]
    return next(one for one in told if one["id"] == name)  # type: ignore[no-any-return]


@pytest.fixture
def year(stores: Stores) -> Stores:
    """Return a year with one case that was closed, and with the books of a project."""
    staff = Staff(stores)
    staff.walk(staff.handled().case.id, CaseAction.PASS, CaseAction.CLOSE)
    keep_records(stores)
    return stores


def test_a_figure_stands_where_the_file_has_none(year: Stores) -> None:
    share = quantitative("closing", 40, target=1, actual=None, kpi="closing_rate")
    told = line(evaluated(year, share), "closing")
    assert (told["score"], told["basis"]) == (40, "computed")
    assert "computed by the platform for 2026-01-01 to 2026-12-31, 1 / 1, as of 2026-12-27" in told["evidence"]


def test_what_the_file_states_stands_and_is_held_against_the_figure(year: Stores) -> None:
    share = quantitative("closing", 40, target=1, actual=0.5, kpi="closing_rate")
    found = evaluated(year, share)
    assert line(found, "closing")["score"] == 20
    (hint,) = [one for one in found.hints if one.id == "stated_differs_from_figure"]
    assert hint.say(Language.ENGLISH).startswith("closing is stated as 0.5; the figure closing_rate of 2026-01-01 to")
    same = evaluated(year, quantitative("closing", 40, target=1, actual=1, kpi="closing_rate"))
    assert [one for one in same.hints if one.id == "stated_differs_from_figure"] == []


@pytest.mark.parametrize(
    ("source", "computed"), [({"kpi": "closing_rate"}, "40"), ({"record": "acceptance_rate"}, "20")]
)
def test_points_that_somebody_entered_stay_beside_those_that_are_computed(
    year: Stores, source: dict[str, str], computed: str
) -> None:
    entry = {"given": 30, "assessor": "评价组", "reason": "现场查看"}
    found = evaluated(year, quantitative("closing", 40, target=1, actual=None, **source, **entry))
    told = line(found, "closing")
    assert (told["score"], told["basis"]) == (int(computed), "computed")
    assert told["evidence"].endswith("30 points of 评价组 (现场查看) do not count: this line is computed")
    (hint,) = [one for one in found.hints if one.id == "entry_overruled"]
    assert hint.where == "index_tree.closing"
    assert hint.say(Language.ENGLISH).startswith(f"closing: 评价组 entered 30 points, computed are {computed};")
    assert hint.say(Language.CHINESE).startswith(f"“closing”由评价组填写 30 分，由数值算得 {computed} 分")


def test_points_that_somebody_entered_count_where_nothing_is_computed(stores: Stores) -> None:
    entry = {"given": 30, "assessor": "评价组", "reason": "现场查看"}
    for source in ({"kpi": "closing_rate"}, {"record": "acceptance_rate"}):
        found = evaluated(stores, quantitative("closing", 40, target=1, actual=None, **source, **entry))
        assert (line(found, "closing")["score"], "entry_overruled" in {one.id for one in found.hints}) == (30, False)


def test_a_period_without_cases_gives_no_points_and_the_reason(stores: Stores) -> None:
    told = line(evaluated(stores, quantitative("closing", 40, target=1, actual=None, kpi="closing_rate")), "closing")
    assert (told["score"], told["basis"]) == (0, "not published, nobody entered anything, no points")
    assert "has no value for 2026-01-01 to 2026-12-31" in told["evidence"]


def test_records_of_the_database_count_where_the_file_has_none(year: Stores) -> None:
    rate = quantitative("acceptance", 40, target=1, actual=None, record="acceptance_rate")
    found = evaluated(year, rate)
    assert line(found, "acceptance")["score"] == 20
    tables = {one.caption.partition("　")[2]: one for one in compose(found).blocks if isinstance(one, Table)}
    chain = tables["预算、合同、支付和设备"]
    assert chain.source.startswith(
        "平台项目记录 budget_lines、contracts、payments、acceptances、devices（截至 2026-12-27"
    )
    assert chain.rows == (
        ("平台建设 278900", "视频智能分析平台 270000.5", "135000.5", "摄像机 × 50", "b1.cam-1", "2026-06-01 合格", "—"),
        ("平台建设 278900", "视频智能分析平台 270000.5", "135000.5", "边缘盒 × 1", "未登记", "未验收", "—"),
    )


def test_records_of_the_file_win_where_they_are_stated(year: Stores) -> None:
    rate = quantitative("training", 40, target=40, actual=None, record="training_attendances")
    stated = {"trainings": []}
    assert line(evaluated(year, rate), "training")["score"] == 20
    assert line(evaluated(year, rate, records=stated), "training")["score"] == 0


def test_an_over_run_of_another_year_is_seen_and_not_counted(year: Stores) -> None:
    day = PAYMENT.paid.replace(year=2025)
    before = PAYMENT.model_copy(update={"id": "p0", "paid": day, "amount_cny": Decimal(200000)})

    with year.writing() as unit:
        unit.project_records.add([first(before)])
    found = evaluated(year, quantitative("spent", 40, target=1, actual=None, record="budget_execution_rate"))
    assert line(found, "spent")["score"] == 18
    assert "payments_over_contract" in [one.id for one in found.hints]


COMPUTED = {
    "county": {"availability", "online", "discovery", "handling"},
    "self_evaluation": {"online", "discovery", "handling"},
    "self_evaluation_cost": {"online", "discovery", "handling"},
}
"""Lines of the shipped trees that take a figure of the platform."""
FILLED = "given: 1, assessor: 评价组, reason: 齐全"


def begun(tree: str, folder: Path) -> Path:
    """Return a fresh facts file of a tree in which what has to be assessed was assessed."""
    file = folder / "evaluation-2026.yaml"
    text = facts_file(tree, 2026).replace("given: null, assessor: null, reason: null", FILLED)
    file.write_text(text.replace("appropriated_cny: 0", "appropriated_cny: 278900"), encoding="utf-8")
    return file


@pytest.mark.parametrize("tree", COMPUTED)
def test_a_fresh_file_takes_the_figures_that_its_tree_names(year: Stores, tree: str, tmp_path: Path) -> None:
    evaluating = Evaluating(ProjectRecords(year, ZONE), Kpis(year, BUILT_IN_CLOCKWORK), ZONE)
    fresh = load_facts(begun(tree, tmp_path), 2026, Language.ENGLISH, evaluating.stored(2026))
    computed = evaluating.sources(fresh, NOW).computed
    assert set(computed) == COMPUTED[tree]
    handling = computed["handling"]
    assert INDICATORS[handling.figure.indicator].unit is Unit.SECONDS
    assert handling.value == (Decimal(handling.figure.value or 0) / 3600).quantize(Decimal("0.000001"))
    assert handling.value > 0
    assert computed["discovery"].value == 0


@pytest.mark.parametrize("tree", COMPUTED)
def test_a_fresh_file_is_evaluated_over_the_database(year: Stores, tree: str, tmp_path: Path) -> None:
    file, config = begun(tree, tmp_path), tmp_path / "central.yaml"
    url = cast("SqlStores", year).database.engine.url.render_as_string(hide_password=False)
    config.write_text(f"data_dir: {tmp_path}\ndatabase_url: {url}\n")
    words = ["evaluate", "--year", "2026", "--facts", str(file), "--json", "--lang", "en", "--config", str(config)]
    ended = CliRunner().invoke(app, words)
    assert ended.exit_code == 0, ended.stderr
    told = {one["id"]: one for one in json.loads(ended.stdout)["indicators"]}
    full = {"handling", "training"} | ({"funds_in_place"} if tree == "county" else {"cost"})
    assert {name: told[name]["score"] for name in full} == {name: told[name]["points"] for name in full}
    assert "indicator handling_time (handling time): " in told["handling"]["evidence"]
    assert "the mean of the cases whose handling is timed, which are 1," in told["handling"]["evidence"]
    assert all("computed by the platform" in told[name]["evidence"] for name in ("handling", "discovery"))
    assert told["cameras"]["evidence"].endswith("whose acceptance was passed): 1")
    assert (told["online"]["score"], "indicator camera_online_rate" in told["online"]["evidence"]) == (0, True)

"""An evaluation takes records and figures from the platform where its file leaves them out, on both databases."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from central.core.case_machine import CaseAction
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.evaluation import Evaluation, as_json, evaluation, faults
from central.core.evaluation.reporting.composing import compose
from central.core.evaluation.reporting.report import Table
from central.core.evaluation.sources import with_stored
from central.services.figures.evaluating import Evaluating
from central.services.figures.kpis import Kpis
from central.services.figures.project_records import ProjectRecords
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

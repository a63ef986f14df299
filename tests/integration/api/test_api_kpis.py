"""Figures over HTTP: definitions, a figure with what stands beside it, its rows; refusals say what would be right."""

from datetime import UTC, datetime, timedelta

import pytest

from central.core.kpis import INDICATORS
from central.core.values import Role
from tests.support.api_desk import REPORT, Desk, problem

SPAN = "from=2026-01-01&to=2027-01-01"


def _span(desk: Desk) -> str:
    now: datetime = desk.client.app.state.clock.now()  # type: ignore[attr-defined]
    first, last = now.astimezone(UTC) - timedelta(days=200), now.astimezone(UTC) + timedelta(days=2)
    return f"from={first:%Y-%m-%d}&to={last:%Y-%m-%d}"


def _tell(desk: Desk) -> None:
    for _ in range(3):
        assert desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=REPORT).status_code == 201


def test_every_definition_is_listed_in_both_languages(desk: Desk) -> None:
    for language, name in (("zh-CN", "结案率"), ("en", "closing rate")):
        listed = desk.ask("GET", "/api/v1/kpis", headers={"Accept-Language": language}).json()
        assert [one["id"] for one in listed] == list(INDICATORS)
        assert name in [one["name"] for one in listed]
        assert all(one["figure"] is None for one in listed)


def test_all_figures_of_a_period_at_once(desk: Desk) -> None:
    listed = desk.ask("GET", f"/api/v1/kpis?{_span(desk)}").json()
    assert [one["figure"]["id"] for one in listed] == list(INDICATORS)
    assert all((one["figure"]["value"] is None) == (one["figure"]["reason"] is not None) for one in listed)


def test_a_figure_opens_to_as_many_rows_as_it_divides_by(desk: Desk) -> None:
    _tell(desk)
    found = desk.ask("GET", f"/api/v1/kpis/registration_rate_with_candidates?{_span(desk)}").json()
    figure = found["figures"][0]
    rows = desk.ask("GET", f"/api/v1/kpis/registration_rate_with_candidates/rows?{_span(desk)}").json()["items"]
    assert figure["total"] == len(rows) > 0
    assert figure["hits"] == sum(row["hit"] for row in rows)
    assert [one["beside"] for one in found["beside"]] == ["last_period", "last_year", "baseline", "plan"]


def test_all_parts_of_the_rows_are_as_of_when_the_first_was_asked_for(desk: Desk) -> None:
    _tell(desk)
    path = f"/api/v1/kpis/registration_rate_with_candidates/rows?{_span(desk)}&limit=2"
    known = len(desk.ask("GET", f"{path}00").json()["items"])
    page = desk.ask("GET", path).json()
    rows = page["items"]
    desk.office.at += timedelta(minutes=1)
    _tell(desk)
    while page["next"] is not None:
        page = desk.ask("GET", f"{path}&cursor={page['next']}").json()
        rows += page["items"]
    assert len(rows) == known
    assert len(desk.ask("GET", f"{path}00").json()["items"]) == known + 3


@pytest.mark.parametrize("moment", ["", "x", "f" * 16, "f" * 17, "-1"])
def test_a_cursor_of_no_moment_is_refused(desk: Desk, moment: str) -> None:
    _tell(desk)
    path = f"/api/v1/kpis/registration_rate_with_candidates/rows?{_span(desk)}&limit=2"
    mark, _, rest = desk.ask("GET", path).json()["next"].split(".", 2)
    problem(desk.ask("GET", f"{path}&cursor={mark}.{moment}.{rest}"), 422, "bad-cursor")


def test_a_figure_by_groups(desk: Desk) -> None:
    _tell(desk)
    path = f"/api/v1/kpis/registration_rate_with_candidates?{_span(desk)}&group_by=source"
    found = desk.ask("GET", path).json()
    assert found["beside"] == []
    assert sum(one["total"] for one in found["figures"]) > 0
    assert all(one["group"] for one in found["figures"])


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        (f"/api/v1/kpis/nope?{SPAN}", 404, "kpi-unknown"),
        (f"/api/v1/kpis/nope/rows?{SPAN}", 404, "kpi-unknown"),
        (f"/api/v1/kpis/field_recall/rows?{SPAN}&group_by=unit", 404, "kpi-unknown"),
        (f"/api/v1/kpis/closing_rate?{SPAN}&group_by=number", 404, "kpi-unknown"),
        (f"/api/v1/kpis/camera_online_rate?{SPAN}&group_by=community", 404, "kpi-unknown"),
        (f"/api/v1/kpis/camera_online_rate/rows?{SPAN}&cursor=x", 422, "bad-cursor"),
        ("/api/v1/kpis/closing_rate?from=2026-01-01&to=2026-01-01", 422, "period-refused"),
        ("/api/v1/kpis/closing_rate?from=2026-02-01&to=2026-01-01", 422, "period-refused"),
        ("/api/v1/kpis/closing_rate?from=2026-02-01T00:00:00&to=2026-03-01", 422, "period-refused"),
        ("/api/v1/kpis?from=2026-02-01", 422, "period-refused"),
        (f"/api/v1/kpis/closing_rate/rows?{SPAN}&cursor=x", 422, "bad-cursor"),
    ],
)
def test_refusals_name_what_is_wrong(desk: Desk, path: str, status: int, name: str) -> None:
    problem(desk.ask("GET", path), status, name)


@pytest.mark.parametrize("figure", ["closing_rate", "camera_online_rate"])
def test_a_period_that_nothing_can_stand_beside_has_its_figure(desk: Desk, figure: str) -> None:
    for span in ("from=1990-01-01&to=2190-01-01", "from=2028-02-28T10:00:00%2B08:00&to=2028-02-29T10:00:00%2B08:00"):
        answer = desk.ask("GET", f"/api/v1/kpis/{figure}?{span}")
        assert answer.status_code == 200, answer.text
        assert [one["beside"] for one in answer.json()["beside"]] == ["last_period", "last_year", "baseline", "plan"]


def test_a_device_figure_opens_to_its_cameras(desk: Desk) -> None:
    found = desk.ask("GET", f"/api/v1/kpis/camera_online_rate?{_span(desk)}").json()
    assert found["kpi"]["groups"] == ["camera", "box", "vendor"]
    figure = found["figures"][0]
    assert (figure["value"] is None) == (figure["bounds"] is None)
    rows = desk.ask("GET", f"/api/v1/kpis/camera_online_rate/rows?{_span(desk)}").json()["items"]
    assert round(sum(row["total"] for row in rows)) == figure["total"]
    assert {row["kind"] for row in rows} <= {"camera"}


def test_a_register_is_written_read_and_counted(desk: Desk) -> None:
    path, cells = "/api/v1/registers/roster", {"seat": "1", "person": "wang"}
    shift = {"cells": {**cells, "from": "2026-03-02 08:00", "to": "2026-03-02 16:00"}}
    made = desk.ask("POST", path, Role.SUPERVISOR, json=shift)
    assert made.status_code == 201
    entry = made.json()
    assert (entry["subject"], entry["party"], entry["start"]) == ("1", "wang", "2026-03-02T00:00:00Z")
    assert [one["id"] for one in desk.ask("GET", path).json()["items"]] == [entry["id"]]
    meets = {"cells": {"seat": "1", "person": "li", "from": "2026-03-02 15:00", "to": "2026-03-02 17:00"}}
    problem(desk.ask("POST", path, Role.SUPERVISOR, json=meets), 422, "entry-refused")
    problem(desk.ask("POST", path, Role.SUPERVISOR, json={"cells": cells}), 422, "entry-refused")
    assert desk.ask("GET", "/api/v1/registers/nothing").status_code == 422
    assert desk.ask("DELETE", f"{path}/{entry['id']}", Role.OPERATOR).status_code == 204
    problem(desk.ask("DELETE", f"{path}/{entry['id']}", Role.OPERATOR), 404, "entry-unknown")
    assert desk.ask("GET", path).json()["items"] == []


def test_whose_a_shift_was_is_told_to_those_who_judge(desk: Desk) -> None:
    shift = {"seat": "1", "person": "wang", "from": "2026-02-02 08:00", "to": "2026-02-02 16:00"}
    desk.ask("POST", "/api/v1/registers/roster", Role.SUPERVISOR, json={"cells": shift})
    path = "/api/v1/kpis/seat_usage/rows?from=2026-02-01&to=2026-03-01"
    for role, note in ((Role.LEADER, "wang"), (Role.DISPATCHER, ""), (Role.VIEWER, "")):
        (row,) = desk.ask("GET", path, role).json()["items"]
        assert (row["kind"], row["id"], row["note"]) == ("shift", "1", note)


def test_a_register_is_imported_whole_or_not_at_all(desk: Desk) -> None:
    path = "/api/v1/registers/population"
    rows = [{"community": f"33040200100{at}", "year": "2026", "people": "8200", "source": "公报"} for at in (1, 2)]
    wrong = problem(
        desk.ask("POST", f"{path}/import", Role.OPERATOR, json={"rows": [rows[0], {**rows[1], "people": "８"}]}),
        422,
        "entry-refused",
    )
    assert str(wrong["detail"]).startswith("第 2 行，people：“８”不是 0 至")
    assert desk.ask("GET", path).json()["items"] == []
    for new in (2, 0):
        taken = desk.ask("POST", f"{path}/import", Role.OPERATOR, json={"rows": rows})
        assert (taken.status_code, taken.json()) == (200, {"entries": 2, "new": new})
    problem(desk.ask("POST", f"{path}/import", Role.OPERATOR, json={"rows": []}), 422, "invalid-request")
    problem(desk.ask("POST", f"{path}/import", Role.OPERATOR, json={"rows": [{}]}), 422, "entry-refused")


def test_grounds_of_zones_are_drawn_and_listed(desk: Desk) -> None:
    path, outline = "/api/v1/zone-grounds", [[105.0, 34.0], [105.001, 34.0], [105.001, 34.001], [105.0, 34.0]]
    ground = {
        "type": "Feature",
        "properties": {"camera": "box-01.cam-1", "zone": "z1"},
        "geometry": {"type": "Polygon", "coordinates": [outline]},
    }
    body = {"type": "FeatureCollection", "features": [ground]}
    made = desk.ask("POST", f"{path}?crs=cgcs2000", Role.SUPERVISOR, json=body)
    assert (made.status_code, made.json()) == (201, {"zones": 1})
    (listed,) = desk.ask("GET", path).json()["items"]
    assert (listed["camera"], listed["zone"], listed["rings"], listed["drawn_by"]) == (
        "box-01.cam-1", "z1", [outline], "supervisor",
    )  # fmt: skip
    problem(desk.ask("POST", path, Role.SUPERVISOR, json=body), 422, "invalid-request")
    nobody = {**ground, "properties": {"camera": "box-01.cam-99", "zone": "z1"}}
    told = desk.ask(
        "POST",
        f"{path}?crs=wgs84",
        Role.SUPERVISOR,
        json={**body, "features": [ground, nobody]},
        headers={"Accept-Language": "zh-CN"},
    )
    assert "没有摄像机“box-01.cam-99”" in str(problem(told, 422, "ground-refused")["detail"])
    assert len(desk.ask("GET", path).json()["items"]) == 1

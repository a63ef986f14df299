"""`GET /api/v1/cases` and its table: filters, refusals, what spreadsheets get."""

import csv
import io
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from inspect import signature
from urllib.parse import urlencode

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from central.api import build_api
from central.api.problems import Problem
from central.api.resources.case_lists import bounded_cases
from central.cli.keeping.export_commands import export_cases
from central.core.places import Position
from central.core.values import PAGE_LIMIT_MAX, Actor, ActorKind, CaseSource, Role
from central.services.cases.case_query import CaseQuery
from central.services.desks.reports import PersonReport
from central.stores.ports import CaseFilter
from tests.support.office import Office, office, settings_in

CLIENTS: dict[int, TestClient] = {}
WANG = Actor(ActorKind.PERSON, "wang", Role.OPERATOR)
REPORTS = (
    ("人民路 88 号", "门前暴露垃圾", CaseSource.HOTLINE),
    ("解放街市场", "流动摊贩，车牌甘E12345", CaseSource.WEB),
    ("=HYPERLINK(1)", '@SUM "，\n换行', CaseSource.MEDIA),
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(settings_in(tmp_path_factory.mktemp("lists"))) as opened:
        opened.staff()
        for place, description, source in REPORTS:
            report = PersonReport(source, "举报人王某", place, description)
            opened.services.casework.report(report, WANG, opened.now(), secrets.token_bytes)
            opened.at += timedelta(minutes=1)
        yield opened


def client_of(opened: Office) -> TestClient:
    """Return the client of an office; describing the API takes long, so each has one."""
    if id(opened) not in CLIENTS:
        api = build_api(opened.services, opened.clock, opened.settings, secrets.token_bytes)
        CLIENTS[id(opened)] = TestClient(api, raise_server_exceptions=False)
    return CLIENTS[id(opened)]


def get(opened: Office, path: str, language: str = "zh-CN", **query: object) -> Response:
    headers = {"Authorization": f"Bearer {opened.tokens[Role.VIEWER]}", "Accept-Language": language}
    address = f"/api/v1/cases{path}?{urlencode(query, doseq=True)}"
    return client_of(opened).get(address, headers=headers)


def places(answer: Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [case["place"] for case in answer.json()["items"]]


def table(answer: Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_the_list_the_table_the_map_and_the_command_have_the_same_filters(opened: Office) -> None:
    paths = client_of(opened).get("/api/v1/openapi.json").json()["paths"]
    for path in ("", "/export.csv", "/map.geojson"):
        known = {one["name"] for one in paths[f"/api/v1/cases{path}"]["get"]["parameters"] if one["in"] == "query"}
        assert known - {"limit", "cursor", "zoom"} == set(CaseQuery.model_fields), path
    options = set(signature(export_cases).parameters) - {"file", "force", "config"}
    assert options == set(CaseQuery.model_fields)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [2, 1, 0]),
        ({"text": "暴露垃圾"}, [0]),
        ({"text": "甘e12345 摊"}, [1]),
        ({"text": "王某"}, []),
        ({"status": ["reported", "closed"], "source": "web"}, [1]),
        ({"status": "closed"}, []),
        ({"unit": "sanitation"}, []),
        ({"opened_after": "2026-03-01T10:00:00+08:00"}, [2, 1]),
        ({"opened_before": "2026-03-01T02:01:00Z"}, [0]),
        ({"updated_before": "2026-03-01T02:01:00Z", "updated_after": "2026-03-01T01:00:00Z"}, [0]),
        ({"overdue": "true"}, []),
        ({"due_before": "2030-01-01T00:00:00Z", "overdue": "true"}, []),
        ({"box": "b1", "camera": "b1.cam-1", "scene": "stay"}, []),
        ({"bbox": "105,34,106,35"}, []),
        ({"grid": "62052300100101"}, []),
        ({"assignee": "sanitation"}, []),
    ],
)
def test_filters_are_all_met(query: dict[str, object], numbers: list[int], opened: Office) -> None:
    assert places(get(opened, "", **query)) == [REPORTS[number][0] for number in numbers]
    assert len(table(get(opened, "/export.csv", **query))) == 1 + len(numbers)


@pytest.mark.parametrize("path", ["", "/export.csv"])
@pytest.mark.parametrize(
    ("query", "at"),
    [
        ({"opened_after": "2026-03-01T10:00:00"}, "query.opened_after"),
        ({"due_before": "tomorrow"}, "query.due_before"),
        ({"text": "!?"}, "query.text"),
        ({"text": ""}, "query.text"),
        ({"text": "x" * 201}, "query.text"),
        ({"status": ["reported", "asleep"]}, "query.status.1"),
        ({"source": "rumour"}, "query.source"),
        ({"scene": "a\x00"}, "query.scene"),
        ({"camera": "x" * 101}, "query.camera"),
        ({"bbox": "105,34,106"}, "query.bbox"),
        ({"bbox": "106,34,105,35"}, "query.bbox"),
        ({"bbox": "105,34,106,nan"}, "query.bbox"),
        ({"bbox": "south"}, "query.bbox"),
    ],
)
def test_what_is_wrong_is_named(path: str, query: dict[str, object], at: str, opened: Office) -> None:
    answer = get(opened, path, **query)
    assert answer.status_code == 422
    assert [error["at"] for error in answer.json()["errors"]] == [at]


def test_a_cursor_of_somewhere_else_is_refused(opened: Office) -> None:
    answer = get(opened, "", cursor="垃圾", text="垃圾")
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (422, "bad-cursor")


def test_a_list_goes_on_behind_its_cursor(opened: Office) -> None:
    first = get(opened, "", limit=1, status=["reported", "closed"])
    second = get(opened, "", limit=2, status=["reported", "closed"], cursor=first.json()["next"])
    assert places(first) + places(second) == [place for place, *_ in reversed(REPORTS)]
    assert second.json()["next"] is None


def test_spreadsheets_get_words_and_no_formulas(opened: Office) -> None:
    answer = get(opened, "/export.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="cases.csv"'
    head, *rows = table(answer)
    assert head[:3] == ["案件编号", "状态", "来源"]
    hostile = dict(zip(head, rows[0], strict=True))
    assert (hostile["位置"], hostile["描述"]) == ("'=HYPERLINK(1)", "'@SUM \"，\n换行")
    assert (hostile["状态"], hostile["来源"], hostile["上报时间"]) == ("待受理", "媒体", "2026-03-01 10:02:00+08:00")
    assert "王某" not in answer.text
    assert table(get(opened, "/export.csv", "en"))[0][:3] == ["number", "status", "source"]


def test_a_table_that_is_too_large_is_refused_whole(opened: Office) -> None:
    casework = opened.services.casework
    with pytest.raises(Problem) as refusal:
        bounded_cases(casework, CaseFilter(), 2)
    assert (refusal.value.status_code, refusal.value.name, refusal.value.extra) == (
        422,
        "export-too-large",
        {"rows_max": 2},
    )
    assert len(list(bounded_cases(casework, CaseFilter(), 3))) == 3


def test_nobody_gets_a_table_without_a_name(opened: Office) -> None:
    assert client_of(opened).get("/api/v1/cases/export.csv").status_code == 401


def test_a_table_is_read_a_part_at_a_time(opened: Office) -> None:
    with office(settings_in(opened.settings.data_dir / "many")) as other:
        report = PersonReport(CaseSource.WEB, "x", "解放街")
        first = other.services.casework.report(report, WANG, other.now(), secrets.token_bytes).case
        more = [replace(first, id=f"case-{number}", number=f"N{number}") for number in range(PAGE_LIMIT_MAX + 1)]
        with other.stores.writing() as unit:
            unit.cases.save(more, [], [])
        viewer = other.services.access.add_actor("v", Role.VIEWER, other.now(), secrets.token_bytes)
        other.tokens = {Role.VIEWER: viewer}
        _, *rows = table(get(other, "/export.csv"))
    assert [row[0] for row in rows] == [*(case.number for case in reversed(more)), first.number]


def test_cases_on_a_map_are_put_together_by_zoom(opened: Office) -> None:
    with office(settings_in(opened.settings.data_dir / "map")) as other:
        other.staff()
        for number in range(3):
            at = Position(34.7301 + (number == 2) * 0.05, 105.3301 + number * 0.0001)
            report = PersonReport(CaseSource.WEB, "x", "解放街", position=at)
            other.services.casework.report(report, WANG, other.now(), secrets.token_bytes)
        far = get(other, "/map.geojson", zoom=14).json()
        assert (far["type"], far["complete"]) == ("FeatureCollection", True)
        assert [one["properties"]["count"] for one in far["features"]] == [1, 2]
        assert far["features"][1]["properties"] | {"statuses": None} == {
            "count": 2, "statuses": None, "id": None, "number": None, "scene": None, "place": None, "opened_at": None,
        }  # fmt: skip
        assert far["features"][1]["properties"]["statuses"] == {"reported": 2}
        near = get(other, "/map.geojson", zoom=20, bbox="105.33,34.73,105.34,34.74").json()["features"]
        assert [one["geometry"] for one in near] == [
            {"type": "Point", "coordinates": [105.3302, 34.7301]},
            {"type": "Point", "coordinates": [105.3301, 34.7301]},
        ]
        assert near[0]["properties"]["place"] == "解放街"
        assert places(get(other, "", bbox="105.33,34.73,105.34,34.74")) == ["解放街", "解放街"]

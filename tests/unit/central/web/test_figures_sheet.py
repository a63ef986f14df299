"""The table of a figure's cases: for spreadsheets, without formulas, for whoever may see the page."""

import csv
import io
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from central.core.kpis import period_between
from central.core.values import Role
from central.web.door.gate import Gate
from central.web.door.routes import open_doors
from central.web.figures.sheet import open_table
from protocol.texts import Language
from tests.support.figures_city import facts, fill
from tests.support.office import Office, office, settings_in

YEAR = "from=2025-01-01&last=2026-12-31"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Office]:
    """Return an office with some cases."""
    with office(settings_in(tmp_path)) as one:
        fill(one, count=1_200)
        yield one


@pytest.fixture
def client(opened: Office) -> Iterator[TestClient]:
    """Return a signed-in browser without scripts."""
    gate = Gate(opened.services, opened.clock, b"s" * 32, Language.CHINESE, is_secure=False)
    api = FastAPI()
    open_doors(api, gate)
    open_table(api, gate, ZoneInfo("Asia/Shanghai"))
    token = opened.services.access.add_actor("wang", Role.VIEWER, opened.now(), secrets.token_bytes)
    with TestClient(api, follow_redirects=False) as one:
        one.post("/ui/session", data={"token": token})
        yield one


def table(client: TestClient, query: str) -> list[dict[str, str]]:
    answer = client.get(f"/ui/figures.csv?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_all_cases_of_the_denominator_with_their_hits(client: TestClient, opened: Office) -> None:
    found = table(client, f"{YEAR}&figure=closing_rate")
    figure = next(
        one.figure
        for one in opened.services.kpis.outlooks(period_between("2025-01-01", "2027-01-01"), opened.now())
        if one.figure.indicator == "closing_rate"
    )
    assert len(found) == figure.total > 600
    assert sum(one["分子"] == "✓ 计入" for one in found) == figure.hits
    assert {one["状态"] for one in found} >= {"已结案"}


def test_one_group_in_english(client: TestClient) -> None:
    found = table(client, f"{YEAR}&figure=handling_time&group_by=source&group=hotline&lang=en")
    assert {one["Source"] for one in found} == {"Hotline"}
    assert {one["Numerator"] for one in found} == {"✓ counted"}


def test_no_cell_is_a_formula(client: TestClient, opened: Office) -> None:
    evil = replace([one for one in facts(opened.now(), 1_200) if one.closed_at][500], unit="=HYPERLINK(1)", grid="@x")
    with opened.stores.writing() as unit:
        unit.facts.save([evil])
    found = table(client, f"{YEAR}&figure=closing_rate")
    mine = next(one for one in found if one["标识"] == evil.case)
    assert (mine["责任单位"], mine["单元网格"]) == ("'=HYPERLINK(1)", "'@x")


def test_the_file_has_a_plain_name(client: TestClient) -> None:
    answer = client.get(f"/ui/figures.csv?{YEAR}&figure=closing_rate")
    assert 'filename="closing_rate_2025-01-01_2026-12-31.csv"' in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("figure=closing_rate&from=x&last=y", "时段无效"),
        ("figure=nope", "没有这项指标"),
        (YEAR, "没有这项指标"),
        (f"{YEAR}&figure=closing_rate&group_by=number&group=1", "不能按此分组"),
    ],
)
def test_what_cannot_be_made_is_told_in_words(client: TestClient, query: str, said: str) -> None:
    answer = client.get(f"/ui/figures.csv?{query}")
    assert answer.status_code == 422
    assert said in answer.text


def test_nobody_without_a_session_gets_a_row(client: TestClient) -> None:
    client.cookies.clear()
    answer = client.get(f"/ui/figures.csv?{YEAR}&figure=closing_rate")
    assert (answer.status_code, answer.headers["location"]) == (303, "/ui/sign-in?lang=zh-CN")
    assert answer.content == b""


@pytest.mark.parametrize(
    ("wanted", "then"),
    [
        ("/ui/zh-CN/figures?from=2026-01-01&last=2026-01-31", "/ui/en/figures?from=2026-01-01&last=2026-01-31"),
        ("/ui/en?case=case-1", "/ui/en?case=case-1"),
        ("//evil.example/ui/en", "/ui/"),
        ("/ui/en/figures?x=1\r\nSet-Cookie: a=b", "/ui/"),
        ("https://evil.example/ui/en/figures", "/ui/"),
        ("/ui/en/figures/../../../api", "/ui/"),
        ('/ui/en/figures?"><script>', "/ui/"),
    ],
)
def test_whoever_signs_in_comes_to_the_page_that_was_sent(
    client: TestClient, opened: Office, wanted: str, then: str
) -> None:
    token = opened.services.access.add_actor("li", Role.OPERATOR, opened.now(), secrets.token_bytes)
    answer = client.post("/ui/session", params={"lang": "en", "to": wanted}, data={"token": token})
    assert (answer.status_code, answer.headers["location"]) == (303, then)
    shown = client.get("/ui/sign-in", params={"lang": "en", "to": wanted}).text
    assert "<script>" not in shown
    assert "evil.example" not in shown

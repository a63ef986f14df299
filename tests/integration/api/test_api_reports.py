"""What people report through the API."""

import hashlib

import pytest

from central.core.values import Role
from tests.support.api_desk import REPORT, SHA, Desk, problem
from tests.support.office import jpeg


def test_a_collector_handles_on_the_spot(desk: Desk) -> None:
    photos = [jpeg("before"), jpeg("after")]
    hashes = [hashlib.sha256(photo).hexdigest() for photo in photos]
    for digest, photo in zip(hashes, photos, strict=True):
        desk.ask("PUT", f"/api/v1/evidence/{digest}", Role.COLLECTOR, content=photo)
    body = REPORT | {"source": "collector", "self_handled": True}
    one = desk.ask("POST", "/api/v1/cases", Role.COLLECTOR, json=body | {"evidence": hashes[:1]})
    assert problem(one, 422, "guard-refused")["guards"] == ["two_pictures"]
    two = desk.ask("POST", "/api/v1/cases", Role.COLLECTOR, json=body | {"evidence": hashes})
    assert (two.status_code, two.json()["status"]) == (201, "awaiting_close")
    assert desk.ask("GET", two.headers["location"]).json()["state"]["self_handled"] is True


def test_a_person_reports_a_case_with_a_photo(desk: Desk) -> None:
    photo = jpeg("photo")
    digest = hashlib.sha256(photo).hexdigest()
    assert desk.ask("PUT", f"/api/v1/evidence/{digest}", Role.OPERATOR, content=photo).status_code == 201
    assert desk.ask("PUT", f"/api/v1/evidence/{digest}", Role.OPERATOR, content=photo).status_code == 204
    answer = desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=REPORT | {"evidence": [digest]})
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/cases/{answer.json()['id']}"
    assert [picture["sha256"] for picture in answer.json()["evidence"]] == [digest]
    assert desk.ask("GET", answer.headers["location"]).json()["source"] == "hotline"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"source": "detector"}, "report-refused"),
        ({"place": ""}, "report-refused"),
        ({"camera": "box-01.cam-99"}, "report-refused"),
        ({"evidence": [SHA]}, "report-refused"),
        ({"source": "rumour"}, "invalid-request"),
        ({"colour": "red"}, "invalid-request"),
        ({"latitude": 34.7}, "invalid-request"),
        ({"latitude": 91, "longitude": 105}, "invalid-request"),
        ({"latitude": 34.7, "longitude": 105.3, "crs": "bd09"}, "invalid-request"),
        ({"latitude": 34.7, "longitude": 105.3, "crs": None}, "invalid-request"),
        ({"description": "x" * 1001}, "invalid-request"),
    ],
)
def test_a_wrong_report_is_refused(desk: Desk, change: dict[str, object], name: str) -> None:
    problem(desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=REPORT | change), 422, name)


def test_a_second_caller_joins_the_case_of_the_first(desk: Desk) -> None:
    told = REPORT | {"scene": "bin_overflow", "latitude": 34.7368, "longitude": 105.3382}
    first = desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=told)
    second = desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=told | {"source": "web", "reporter": "李四"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.headers["location"] == first.headers["location"] == f"/api/v1/cases/{second.json()['id']}"
    case = desk.ask("GET", second.headers["location"]).json()
    assert (case["source"], case["reporter"], case["recurrence_of"], case["recurrence"]) == ("hotline", "12319", "", 0)
    assert [(one["source"], one["reporter"]) for one in case["reports"]] == [("hotline", "12319"), ("web", "李四")]
    assert desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=told | {"join": False}).status_code == 201


@pytest.mark.parametrize(
    ("crs", "known_as", "latitude", "longitude"),
    [
        ("gcj02", "gcj02", 31.175304, 121.5315419),
        ("GCJ-02", "gcj02", 31.175304, 121.5315419),
        ("cgcs2000", "cgcs2000", 31.1774276, 121.5272106),
        ("EPSG:4326", "wgs84", 31.1774276, 121.5272106),
    ],
)
def test_a_place_told_in_another_system_is_the_same_place(
    desk: Desk, crs: str, known_as: str, latitude: float, longitude: float
) -> None:
    scene = REPORT | {"scene": "bin_overflow"}
    told = scene | {"latitude": latitude, "longitude": longitude, "crs": crs}
    case = desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=told).json()
    assert (case["latitude"], case["longitude"]) == pytest.approx((31.1774276, 121.5272106), abs=2e-7)
    again = scene | {"latitude": 31.1774276, "longitude": 121.5272106}
    joined = desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=again)
    assert (joined.status_code, joined.json()["id"]) == (200, case["id"])
    assert [one["crs"] for one in joined.json()["reports"]] == [known_as, "wgs84"]


def test_an_unknown_coordinate_system_is_refused_with_those_that_are_known(desk: Desk) -> None:
    told = REPORT | {"latitude": 34.7368, "longitude": 105.3382, "crs": "bd09"}
    answer = desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=told)
    assert [(one["at"], "wgs84, gcj02, cgcs2000" in one["detail"]) for one in answer.json()["errors"]] == [
        ("body.crs", True)
    ]

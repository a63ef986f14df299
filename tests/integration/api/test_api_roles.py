"""Who may ask the API for what."""

import pytest

from central.core.values import Role
from tests.support.api_desk import COMMAND, REPORT, SHA, Desk

EVERYBODY: dict[Role | None, int] = {None: 401, **dict.fromkeys(Role, 200)}
CASEWORKERS = set(Role) - {Role.VIEWER, Role.TECHNICIAN}


def only(status: int, *roles: Role, others: int = 403) -> dict[Role | None, int]:
    """Return what each role is answered when these get `status`."""
    return {None: 401, **{role: status if role in roles else others for role in Role}}


PERIOD = "from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z"
WINDOW = {"scope": "box", "subject": "box-01", "start": "2026-03-01T00:00:00Z", "end": "2026-03-01T01:00:00Z"}
BOOKS = "/api/v1/project-records"
IN_THE_CHAIN = ("budget-lines", "contracts", "payments", "acceptances", "devices")
KINDS = (*IN_THE_CHAIN, "trainings", "surveys", "milestones", "interviews")
KEEPERS = (Role.OPERATOR, Role.SUPERVISOR)
WITHDRAWAL = {"revision": 1, "reason": "重复"}
SHIFT = {"seat": "1", "person": "wang", "from": "2026-03-01 08:00", "to": "2026-03-01 16:00"}
OUTLINE = [[105.0, 34.0], [105.001, 34.0], [105.001, 34.001], [105.0, 34.0]]
GROUND = {
    "type": "Feature",
    "properties": {"camera": "box-01.cam-1", "zone": "z1"},
    "geometry": {"type": "Polygon", "coordinates": [OUTLINE]},
}
ROLE_TABLE = [
    ("GET", f"{BOOKS}/flags", None, EVERYBODY),
    *[("GET", f"{BOOKS}/{kind}", None, EVERYBODY) for kind in KINDS],
    *[("GET", f"{BOOKS}/{kind}/x/revisions", None, only(404, *Role)) for kind in KINDS],
    *[("GET", f"{BOOKS}/{kind}/x/chain", None, only(404, *Role)) for kind in IN_THE_CHAIN],
    *[("POST", f"{BOOKS}/{kind}", {}, only(422, *KEEPERS)) for kind in KINDS],
    *[("PUT", f"{BOOKS}/{kind}/x", {}, only(422, *KEEPERS)) for kind in KINDS],
    *[("POST", f"{BOOKS}/{kind}/x/withdrawal", WITHDRAWAL, only(404, *KEEPERS)) for kind in KINDS],
    *[
        ("GET", path, None, EVERYBODY)
        for path in (
            "/api/v1/cases",
            "/api/v1/cases/export.csv",
            "/api/v1/cases/map.geojson",
            "/api/v1/cases/{case}",
            "/api/v1/cases/{case}/history",
            "/api/v1/cases/{case}/actions",
            "/api/v1/standards",
            "/api/v1/kpis",
            "/api/v1/kpis/closing_rate?from=2026-03-01&to=2026-04-01",
            "/api/v1/kpis/closing_rate/rows?from=2026-03-01&to=2026-04-01",
            "/api/v1/kpis/handling_time/factors?from=2026-03-01&to=2026-04-01",
            "/api/v1/kpi-scores?table=department&from=2026-03-01&to=2026-04-01",
            "/api/v1/kpi-targets",
            "/api/v1/kpi-months",
            "/api/v1/kpi-months/2026-01/revisions",
            "/api/v1/registers/roster",
            "/api/v1/zone-grounds",
            "/api/v1/evidence/{picture}",
            "/api/v1/cameras",
            "/api/v1/cameras/box-01.cam-1",
            "/api/v1/cameras/box-01.cam-1/states",
            "/api/v1/boxes",
            "/api/v1/boxes/box-01",
            "/api/v1/boxes/box-01/states",
            "/api/v1/events",
            "/api/v1/alerts",
            "/api/v1/changes",
            f"/api/v1/devices/online-rate?{PERIOD}",
            f"/api/v1/devices/online-rate/rows?{PERIOD}",
            f"/api/v1/devices/reliability?{PERIOD}",
            f"/api/v1/devices/availability?{PERIOD}",
            "/api/v1/devices/snapshot",
            "/api/v1/maintenance",
            "/api/v1/transfers",
            "/api/v1/series?metric=fps&entity=box-01.cam-1",
            "/api/v1/series/hours?metric=fps&entity=box-01.cam-1",
        )
    ],
    ("GET", "/api/v1/health", None, dict.fromkeys(EVERYBODY, 200)),
    ("POST", "/join/v1", {"code": "AAAA-AAAA-AAAA-AAAA-AAAA"}, dict.fromkeys(EVERYBODY, 403)),
    ("HEAD", f"/edge/v1/evidence/{SHA}", None, dict.fromkeys(EVERYBODY, 401)),
    ("PUT", f"/edge/v1/evidence/{SHA}", None, dict.fromkeys(EVERYBODY, 401)),
    ("GET", "/api/v1/kpi-months/2026-01", None, {None: 401, **dict.fromkeys(Role, 404)}),
    ("GET", "/api/v1/kpi-months/2026-01/revisions/1", None, {None: 401, **dict.fromkeys(Role, 404)}),
    ("POST", "/api/v1/kpi-targets", {}, only(422, *KEEPERS, Role.LEADER)),
    ("POST", "/api/v1/kpi-months/2190-01", None, only(409, Role.OPERATOR, Role.SUPERVISOR)),
    ("POST", "/api/v1/cases", REPORT, only(201, Role.OPERATOR, Role.ACCEPTOR, Role.COLLECTOR, Role.SUPERVISOR)),
    ("POST", "/api/v1/cases/{case}/actions", {"action": "confirm"}, only(200, Role.OPERATOR, Role.ACCEPTOR)),
    ("GET", "/partner/v1/transfers", None, dict.fromkeys(EVERYBODY, 401)),
    ("PUT", "/partner/v1/transfers/transfer-1/receipt", {"answer": "accepted"}, dict.fromkeys(EVERYBODY, 401)),
    ("POST", "/api/v1/maintenance", {**WINDOW, "reason": "升级"}, only(201, Role.OPERATOR, Role.TECHNICIAN)),
    ("POST", "/api/v1/registers/roster", {"cells": SHIFT}, only(201, Role.OPERATOR, Role.SUPERVISOR)),
    ("POST", "/api/v1/registers/roster/import", {"rows": [SHIFT]}, only(200, Role.OPERATOR, Role.SUPERVISOR)),
    (
        "POST",
        "/api/v1/zone-grounds?crs=wgs84",
        {"type": "FeatureCollection", "features": [GROUND]},
        only(201, *KEEPERS, Role.TECHNICIAN),
    ),
    ("DELETE", "/api/v1/registers/roster/rg-none", None, only(404, Role.OPERATOR, Role.SUPERVISOR)),
    ("DELETE", "/api/v1/maintenance/mw-none", None, only(404, Role.OPERATOR, Role.TECHNICIAN)),
    ("GET", "/api/v1/partners", None, only(200, Role.OPERATOR, Role.TECHNICIAN)),
    ("PUT", "/api/v1/cases/{case}/lease", {}, only(200, *CASEWORKERS)),
    ("DELETE", "/api/v1/cases/{case}/lease", None, only(204, *CASEWORKERS)),
    ("PUT", f"/api/v1/evidence/{SHA}", None, only(422, *CASEWORKERS)),
    (
        "POST",
        "/api/v1/boxes/box-01/commands",
        COMMAND,
        only(202, Role.OPERATOR, Role.TECHNICIAN),
    ),
    (
        "GET",
        "/api/v1/boxes/box-01/commands/00000000-0000-0000-0000-000000000000",
        None,
        only(404, *Role),
    ),
]


MARCH = "from=2026-03-01&to=2026-04-01"
NAMING = [
    ("GET", f"/api/v1/{path}", None, only(200, *KEEPERS, Role.LEADER))
    for path in (
        f"kpis/dispatch_accuracy?{MARCH}&group_by=dispatched_by",
        f"kpis/dispatch_accuracy/rows?{MARCH}&group_by=dispatched_by&group=wang",
        f"kpis/seat_usage?{MARCH}&group_by=person",
        f"kpis/seat_usage/rows?{MARCH}&group_by=person&group=wang",
        f"kpi-scores?table=dispatcher&{MARCH}&by=person",
    )
]
"""Questions whose answers name persons, at addresses that are open to everybody."""


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [*ROLE_TABLE, *NAMING],
    ids=[f"{row[0]} {row[1]}" for row in [*ROLE_TABLE, *NAMING]],
)
def test_roles(
    desk: Desk, method: str, path: str, body: dict[str, object] | None, expected: dict[Role | None, int]
) -> None:
    seen = {}
    for role in expected:
        view = desk.office.see(zone=f"z-{role or 'nobody'}")
        address = path.format(case=view.case.id, picture=view.evidence[0].sha256)
        seen[role] = desk.ask(method, address, role, json=body, headers={"If-Match": '"1"'}).status_code
    assert seen == expected


def test_the_role_table_holds_every_address(desk: Desk) -> None:
    known = {(method, path.partition("?")[0]) for method, path, _, _ in ROLE_TABLE}
    described = desk.ask("GET", "/api/v1/openapi.json", None).json()["paths"]
    count = sum(len(operations) for operations in described.values())
    assert count == len(known)

"""The migrations make exactly the tables that the stores use."""

import json
import sqlite3
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.sql import column, table

from central.core.availability.spans import Span
from central.core.case_machine import CaseAction, CaseStatus, TransferAnswer, Wish
from central.core.case_machine.audit import AuditFault, Finding
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.cases.casefile import Report
from central.core.cases.requests import once
from central.core.kpis import PERSONS
from central.core.places import Crs
from central.core.places.nearest import Component
from central.core.places.reading import ComponentDraft
from central.core.values import CaseSource
from central.services.cases.audits import Audits
from central.services.cases.leases import Leases
from central.services.cases.receipts import Receipt, Receipts
from central.services.desks.actions import CaseRules
from central.services.exchange import Exchange
from central.services.figures.fact_keeping import FactKeeping
from central.services.places import Places
from central.stores.database import migrate
from central.stores.database.columns import UtcTime, utc_month
from central.stores.database.connections import Database
from central.stores.database.migrations.versions.m0004_case_machine import CASES_A_STEP
from central.stores.database.migrations.versions.m0014_seals import STONES_A_STEP
from central.stores.open_stores import open_stores
from central.stores.ports import CaseFilter, PageRequest, StoreUnavailable
from central.stores.tables import metadata
from tests.support import postgresql
from tests.support.casework import Staff
from tests.support.central_stores import OPERATOR, sqlite_stores
from tests.support.full_central import fill
from tests.support.speaking_box import later
from tests.support.store_contents import change, rows


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    """Return the address of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'deep' / 'central.db'}"
    else:
        with postgresql.database(request.getfixturevalue("postgresql_url"), "migrations") as address:
            yield address


def test_tables_are_those_of_the_migrations(url: str, tmp_path: Path) -> None:
    open_stores(database_url=url, evidence_dir=tmp_path / "evidence").close()
    opened = Database(url)
    with opened.reading() as connection:
        seen = {"include_name": lambda name, kind, _: kind != "table" or not name.startswith("case_terms")}
        differences = compare_metadata(MigrationContext.configure(connection, opts=seen), metadata)
    opened.close()
    assert differences == []


def test_opening_again_changes_nothing(url: str, tmp_path: Path) -> None:
    for _ in range(2):
        stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
        assert stores.healthy()
        stores.close()


def test_the_newest_migration_is_known_by_name() -> None:
    config = Config()
    config.set_main_option("script_location", str(files(migrate.MIGRATIONS)))
    assert ScriptDirectory.from_config(config).get_heads() == [migrate.HEAD]


Contents = dict[str, list[dict[str, Any]]]
OLD = ("0001_spine", "0003_measures")
RELEASED = (*OLD, "0004_case_machine")


def at_revision(url: str, revision: str) -> Database:
    """Return a database as an earlier release made it."""
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True)
    database = Database(url)
    with database.writing() as connection:
        config = Config()
        config.set_main_option("script_location", str(files(migrate.MIGRATIONS)))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return database


def put(connection: Connection, into: str, /, **row: object) -> None:
    """Insert a row as that release would."""
    columns = [column(key, UtcTime() if isinstance(value, datetime) else None) for key, value in row.items()]
    connection.execute(table(into, *columns).insert(), [row])


def old_case(connection: Connection, number: int, status: str, source: str, *steps: str) -> None:
    """Insert a case with its history."""
    texts = {"label": "", "place": "东大街", "description": ""}
    times = dict.fromkeys(("opened_at", "updated_at", "first_seen_at", "last_seen_at"), later(number))
    case = {"id": f"case-{number}", "number": f"E{number}", "status": status, "source": source, "reporter": "b1"}
    put(connection, "cases", **case, **times, **texts, version=max(1, len(steps)))
    for at, kind in enumerate(steps):
        line = {"kind": kind, "actor_kind": "box", "actor": "b1", "to_status": status, "reason": "", "note": "注"}
        put(connection, "case_steps", case_id=case["id"], at=later(number + at), **line)


@pytest.mark.parametrize("revision", OLD)
def test_cases_of_an_earlier_release_go_on_and_are_sealed(revision: str, url: str, tmp_path: Path) -> None:
    database = at_revision(url, revision)
    with database.writing() as connection:
        old_case(connection, 1, "candidate", "detector", "opened")
        old_case(connection, 2, "accepted", "hotline", "opened", "merged", "confirm")
        old_case(connection, 3, "rejected", "detector", "opened", "reject")
        old_case(connection, 4, "gone", "detector")
        put(connection, "actors", name="wang", role="operator", token_hash="ab" * 32, added_at=later(0))
    database.close()
    stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
    with stores.reading() as unit:
        cases = unit.cases.get([f"case-{number}" for number in range(1, 5)])
        assert unit.access.actor("wang") == OPERATOR
        assert [audit.head.lines for audit in unit.history.audits(0, 9)] == [1, 3, 2, 0]
    assert [(case.status, case.state.is_public, case.runs) for _, case in sorted(cases.items())] == [
        (CaseStatus.CANDIDATE, False, ()),
        (CaseStatus.ACCEPTED, True, ()),
        (CaseStatus.REJECTED, False, ()),
        (CaseStatus.GONE, False, ()),
    ]
    staff = Staff(stores)
    assert staff.walk("case-2", CaseAction.REGISTER, CaseAction.DISPATCH).case.status is CaseStatus.DISPATCHED
    assert [step.kind for step in staff.history("case-2")][2:] == ["confirm", "register", "dispatch"]
    assert [case.findings for case in Audits(stores).check()] == [()] * 4
    stores.close()


@pytest.mark.parametrize(
    ("opened_at", "month"),
    [
        ("2025-12-31T23:59:59.999999+00:00", 2025 * 12 + 11),
        ("2026-01-01T00:00:00+00:00", 2026 * 12),
        ("2026-03-01T07:59:59+08:00", 2026 * 12 + 1),
        ("2026-03-01T08:00:00+08:00", 2026 * 12 + 2),
    ],
)
def test_the_month_of_a_case_of_before_is_that_of_utc(opened_at: str, month: int, url: str, tmp_path: Path) -> None:
    database = at_revision(url, OLD[-1])
    with database.writing() as connection:
        old_case(connection, 1, "candidate", "detector")
        case = table("cases", column("opened_at", UtcTime()))
        connection.execute(case.update().values(opened_at=datetime.fromisoformat(opened_at)))
    database.close()
    stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
    assert [row["opened_month"] for row in rows(stores, "cases")] == [month]
    assert utc_month(datetime.fromisoformat(opened_at)) == month
    stores.close()


@pytest.mark.parametrize("revision", RELEASED)
def test_cases_of_an_earlier_release_are_found_by_their_texts(revision: str, url: str, tmp_path: Path) -> None:
    database = at_revision(url, revision)
    numbers = range(1, CASES_A_STEP + 2)
    with database.writing() as connection:
        for number in numbers:
            old_case(connection, number, "candidate", "detector", "opened")
    database.close()
    stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
    with stores.reading() as unit:
        for text, found in {"E7": ["case-7"], "大": numbers, "东街": [], "b1": []}.items():
            assert unit.cases.count(CaseFilter(text=text), 1000) == len(found), text
        assert unit.cases.count(CaseFilter(text="东大街 注"), 1000) == len(numbers)
    stores.close()


def test_a_case_of_an_earlier_release_can_be_taken_and_acted_on_once(url: str, tmp_path: Path) -> None:
    database = at_revision(url, "0006_search")
    with database.writing() as connection:
        put(connection, "actors", name="wang", role="operator", unit="", token_hash="ab" * 32, added_at=later(0))
    database.close()
    stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
    staff = Staff(stores)
    case, asked = staff.report().case, once("wang", "k", "accept")
    lease = Leases(stores, CaseRules()).take(case.id, OPERATOR, staff.now)
    wish = Wish(CaseAction.ACCEPT)
    answers = [
        staff.casework.act(case.id, wish, OPERATOR, expected_version=1, now=staff.now, once=asked) for _ in range(2)
    ]
    assert (lease.holder, answers[0]) == ("wang", answers[1])
    stores.close()


def test_what_people_reported_before_is_kept_as_their_reports(url: str, tmp_path: Path) -> None:
    database = at_revision(url, "0006_search")
    with database.writing() as connection:
        for number, (status, source, parent) in enumerate(
            [("reported", "hotline", ""), ("candidate", "detector", ""), ("registered", "hotline", "case-0")]
        ):
            times = dict.fromkeys(("opened_at", "updated_at", "first_seen_at", "last_seen_at"), later(number))
            texts = {"label": "", "place": "东大街", "description": "占道", "merged_into": "", "unit": "", "runs": "[]"}
            case = {"id": f"case-{number}", "number": f"E{number}", "status": status, "source": source}
            state = f'{{"status":"{status}"}}'
            put(connection, "cases", **case, **times, **texts, version=1, reporter="张三", parent=parent, state=state)
    database.close()
    stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
    with stores.reading() as unit:
        found = unit.cases.reports([f"case-{number}" for number in range(3)])
        assert found == {"case-0": (Report("case-0", later(0), CaseSource.HOTLINE, "张三", "东大街", "占道"),)}
        assert [case.position for case in unit.cases.get(["case-0", "case-1"]).values()] == [None, None]
    stores.close()


@pytest.mark.parametrize("revision", ["0006_search", "0007_concurrency"])
def test_changes_begin_with_this_release(revision: str, url: str, tmp_path: Path) -> None:
    database = at_revision(url, revision)
    with database.writing() as connection:
        put(connection, "actors", name="wang", role="operator", unit="", token_hash="ab" * 32, added_at=later(0))
    database.close()
    stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
    exchange = Exchange(stores)
    assert exchange.changes(0, 10).items == ()
    Staff(stores).report()
    assert [(change.seq, change.data["action"]) for change in exchange.changes(0, 10).items] == [(1, "opened")]
    stores.close()


def test_tombstones_of_an_earlier_release_are_sealed_in_their_order(url: str, tmp_path: Path) -> None:
    database = at_revision(url, "0013_transfers")
    details = '{"number":"E1","status":"closed"}'
    with database.writing() as connection:
        for number in range(STONES_A_STEP + 2):
            told = {"kind": "case", "subject": f"case-{number}", "rule": "cases_days=9", "details": details}
            put(connection, "tombstones", **told, deleted_at=later(number))
    database.close()
    stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
    assert Audits(stores).check_tombstones() == ()
    assert [row["number"] for row in rows(stores, "tombstones")] == list(range(1, STONES_A_STEP + 3))
    change(stores, "UPDATE tombstones SET rule = 'x' WHERE number = 2")
    assert Audits(stores).check_tombstones() == (Finding(AuditFault.CHANGED, 2),)
    stores.close()


def test_more_cases_than_one_portion_are_sealed(url: str, tmp_path: Path) -> None:
    database = at_revision(url, OLD[-1])
    with database.writing() as connection:
        for number in range(CASES_A_STEP + 2):
            old_case(connection, number, "candidate", "detector", "opened")
    database.close()
    stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
    assert [case.findings for case in Audits(stores).check()] == [()] * (CASES_A_STEP + 2)
    stores.close()


def schemas() -> list[str]:
    """Every schema that a release had, oldest first."""
    config = Config()
    config.set_main_option("script_location", str(files(migrate.MIGRATIONS)))
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """Return what stands in every table of a central in which something of everything has happened."""
    with sqlite_stores(tmp_path_factory.mktemp("today")) as stores:
        fill(stores)
        return {name: rows(stores, name) for name in metadata.tables}


@pytest.mark.parametrize("schema", schemas())
def test_whatever_stood_in_any_table_of_any_release_is_there_after_the_upgrade(
    schema: str, url: str, tmp_path: Path, today: Contents
) -> None:
    database = at_revision(url, schema)
    with database.writing() as connection:
        before = {
            name: [{column: row[column] for column in columns} for row in today[name]]
            for name, columns in columns_of(connection).items()
        }
        for known in metadata.sorted_tables:
            if before.get(known.name):
                connection.execute(known.insert(), before[known.name])
    database.close()
    stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
    held = {name: kept for name, kept in before.items() if kept}
    assert len(held) > 15
    for name, kept in held.items():
        assert [{column: row[column] for column in kept[0]} for row in rows(stores, name)] == kept
    could_be = [_has_no_place(case) or "latitude" in held["cases"][0] for case in today["cases"]]
    found = [case.findings for case, was in zip(Audits(stores).check(), could_be, strict=True) if was]
    assert found == [()] * could_be.count(True) != []
    stores.close()


def _has_no_place(case: dict[str, Any]) -> bool:
    """Whether a case could stand in a schema without places: without its place it is not the case that was sealed."""
    return case["latitude"] is None


def count_on(connection: Connection, name: str) -> None:
    """Let PostgreSQL number further rows behind those that were put in with numbers of their own."""
    last = f"SELECT max(position) FROM {name}"  # noqa: S608 - a table of this repository
    connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'position'), ({last}))"))


WITH_TRANSFERS = schemas()[schemas().index("0013_transfers") :]


@pytest.mark.parametrize("schema", WITH_TRANSFERS)
def test_what_was_transferred_before_an_upgrade_is_answered_after_it(
    schema: str, url: str, tmp_path: Path, today: Contents
) -> None:
    database = at_revision(url, schema)
    with database.writing() as connection:
        known = columns_of(connection)
        for one in metadata.sorted_tables:
            kept = [{column: row[column] for column in known.get(one.name, ())} for row in today[one.name]]
            if kept and one.name in known:
                connection.execute(one.insert(), kept)
                if connection.dialect.name == "postgresql" and "position" in known[one.name]:
                    count_on(connection, one.name)
    database.close()
    stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
    receipts, exchange, staff = Receipts(stores, CaseRules()), Exchange(stores), Staff(stores)
    police = receipts.holder(receipts.new_token("police", staff.random))
    assert police is not None
    answered, waiting = receipts.transfers(police, PageRequest(9), unanswered=False).items
    assert (answered.transfer.external_id, waiting.transfer.answer) == ("110-7", None)
    assert staff.case(waiting.case.id).state.transferred_to == "police"
    with stores.reading() as unit:
        assert unit.transfers.awaited() == (1, waiting.transfer.sent_at)
        told = [(one.waiting, one.dead) for one in unit.deliveries.backlog()]
    before = exchange.changes(0, 500).last
    receipts.give(police, waiting.transfer.id, Receipt(TransferAnswer.REFUSED, "110-8"), later(9000))
    assert exchange.changes(before, 9).items[0].data["action"] == "receipt"
    with stores.reading() as unit:
        assert unit.transfers.awaited() == (0, None)
        assert [(one.waiting, one.dead) for one in unit.deliveries.backlog()] == [(told[0][0] + 1, 0)]
    assert [case.findings for case in Audits(stores).check()] == [()] * len(today["cases"])
    stores.close()


def test_facts_of_before_name_persons_once_they_are_made_anew(url: str, tmp_path: Path, today: Contents) -> None:
    database = at_revision(url, "0028_zone_grounds")
    with database.writing() as connection:
        known = columns_of(connection)
        for one in metadata.sorted_tables:
            kept = [{column: row[column] for column in known.get(one.name, ())} for row in today[one.name]]
            if kept:
                connection.execute(one.insert(), kept)
        connection.execute(text("UPDATE case_facts SET form = 2"))
    database.close()
    stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
    keeping = FactKeeping(stores, BUILT_IN_CLOCKWORK)
    assert {row[name] for row in rows(stores, "case_facts") for name in PERSONS} == {""}
    assert not keeping.is_complete()
    assert keeping.catch_up() == len(today["cases"])
    assert keeping.is_complete()

    def named(facts: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
        lives = {row["id"] for row in today["cases"]}
        return {row["case_id"]: tuple(row[name] for name in PERSONS) for row in facts if row["case_id"] in lives}

    assert named(rows(stores, "case_facts")) == named(today["case_facts"])
    assert len(set(named(today["case_facts"]).values())) > 2
    stores.close()


def test_what_witnesses_told_before_counts_as_recorded_when_it_ended(url: str, tmp_path: Path) -> None:
    database = at_revision(url, "0029_persons")
    with database.writing() as connection:
        for witness in ("central", "probe:gate"):
            seen = {"is_up": True, "clock_set": False, "looks": 2, "started_at": later(0), "ended_at": later(600)}
            put(connection, "witness_runs", witness=witness, instance="a", **seen)
        wait = {"box": "b1", "boot": 1, "number": 1, "connected": False}
        put(connection, "box_waits", **wait, since=later(100), until=later(200))
    database.close()
    stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
    with stores.reading() as unit:
        known = [
            ([run.witness for run in unit.availability.runs(told, at)], len(unit.availability.waits(told, at)))
            for told in [Span(later(0), later(600))]
            for at in (later(199), later(200), later(600))
        ]
    assert known == [(["central"], 0), (["central"], 1), (["central", "probe:gate"], 1)]
    stores.close()


def test_a_month_of_before_stands_as_it_was_sealed(url: str, tmp_path: Path) -> None:
    """The seal is that of `test_snapshots`, made by hand."""
    database = at_revision(url, "0029_persons")
    told, until = {"month": "2026-03", "revision": 1, "zone": "Asia/Shanghai"}, "2026-03-20T04:00:00Z"
    boxes = [
        {"box": "box-1", "epoch": "e1", "upto": 900, "until": "2026-03-31T16:00:00Z", "has_gap": False},
        {"box": "box-2", "epoch": "e7", "upto": 41, "until": until, "has_gap": True},
    ]
    rate = {"indicator": "closing_rate", "group": "", "value": 911 / 972, "hits": 911, "total": 972}
    held = {"marks": json.dumps(boxes), "figures": json.dumps([rate]), "made_by": "", "previous": ""}
    seal = "6fbad521d066feb10b7833829166b88ccbb9533d8afedd9021b9fab0ab37697a"
    as_of = datetime(2026, 4, 3, 2, tzinfo=UTC)
    with database.writing() as connection:
        put(connection, "kpi_months", **told, **held, seal=seal, as_of=as_of, made_at=as_of, is_complete=False)
    database.close()
    stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
    with stores.reading() as unit:
        link = unit.months.newest("2026-03")
    assert link is not None
    assert (link.is_intact, link.snapshot.form, link.snapshot.figures[0].reason) == (True, 1, None)
    stores.close()


def test_a_case_of_before_gets_a_component_when_it_is_registered_anew(url: str, tmp_path: Path) -> None:
    database = at_revision(url, "0013_transfers")
    with database.writing() as connection:
        texts = {"label": "", "place": "东大街", "description": "", "merged_into": "", "unit": "", "runs": "[]"}
        times = dict.fromkeys(("opened_at", "updated_at", "first_seen_at", "last_seen_at"), later(0))
        case = {"id": "case-1", "number": "E1", "status": "accepted", "source": "hotline", "reporter": "张三"}
        put(connection, "cases", **case, **times, **texts, version=1, parent="", state='{"status":"accepted"}')
        told = {"case_id": "case-1", "at": later(0), "source": "hotline", "reporter": "张三", "taken_by": "wang"}
        put(connection, "case_reports", **told, place="东大街", description="", latitude=34.7, longitude=105.3)
    database.close()
    stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
    staff = Staff(stores)
    with stores.reading() as unit:
        assert [report.crs for report in unit.cases.reports(["case-1"])["case-1"]] == [Crs.WGS84]
    assert staff.casework.count(CaseFilter(component="6205230305000007"), 9) == 0
    stand = Component("6205230305000007", "垃圾箱", "03-05", "环卫所", "12 号", 34.7, 105.3)
    Places(stores).adopt(ComponentDraft((stand,)), "c.csv", Crs.WGS84, OPERATOR, later(0))
    staff.act("case-1", CaseAction.REGISTER, component_id=stand.id)
    assert staff.casework.count(CaseFilter(component=stand.id), 9) == 1
    stores.close()


def columns_of(connection: Connection) -> dict[str, list[str]]:
    """Columns by table that both this database and today's tables have."""
    seen = inspect(connection)
    return {
        name: [column["name"] for column in seen.get_columns(name) if column["name"] in metadata.tables[name].c]
        for name in seen.get_table_names()
        if name in metadata.tables
    }


def test_a_database_of_a_later_release_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "central.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999_later')")
    connection.close()
    with pytest.raises(StoreUnavailable, match="another release"):
        open_stores(database_url=f"sqlite:///{file}", evidence_dir=tmp_path / "evidence")


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite://", "sqlite:///:memory:", "no url at all"])
def test_addresses_that_are_no_database(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="sqlite:///PATH"):
        open_stores(database_url=url, evidence_dir=tmp_path / "evidence")


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    address = "postgresql://user:hunter2@127.0.0.1:1/central"
    with pytest.raises(StoreUnavailable) as refusal:
        open_stores(database_url=address, evidence_dir=tmp_path / "evidence")
    assert "hunter2" not in str(refusal.value)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreUnavailable, match="cannot be made"):
        open_stores(database_url=f"sqlite:///{tmp_path}/file/c.db", evidence_dir=tmp_path / "evidence")

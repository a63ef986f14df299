"""A backup is one moment of database and pictures; it comes back whole, or not at all."""

import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import text

from central.core.backups import Backup, BackupProblem, BackupRefused, BackupStage
from central.services.cases.audits import Audits
from central.stores.backup import files
from central.stores.backup.folder import verify
from central.stores.backup.make import Source, make_backup
from central.stores.backup.restore import restore_backup
from central.stores.open_stores import SqlStores, open_database_copy, open_stores
from central.stores.ports import CaseFilter, PageRequest, Stores, StoreUnavailable
from central.stores.tables import metadata
from tests.contract.test_migrations import at_revision, old_case
from tests.support import postgresql
from tests.support.casework import Staff
from tests.support.full_central import fill
from tests.support.pictures import PICTURE_SHA
from tests.support.speaking_box import later
from tests.support.store_contents import rows

_NUMBERS = count()
PAGE = PageRequest(9)
DATABASE = "c*.[dc][bo]*"
"""The file of SQLite, or of one table of PostgreSQL."""
Spoil = Callable[[Path], object]


@dataclass(frozen=True)
class Place:
    """A database and a picture folder."""

    url: str
    evidence: Path

    def is_untouched(self) -> bool:
        """Whether nothing was put here."""
        open_database_copy(self.url).require_empty()
        return not [path for path in self.evidence.rglob("*") if path.is_file()]


@pytest.fixture
def full(stores: Stores) -> Stores:
    """Return stores that hold something of everything."""
    fill(stores)
    return stores


@pytest.fixture
def empty(stores: Stores, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """Return another empty place for the same kind of database."""
    if url_of(stores).startswith("sqlite"):
        yield Place(f"sqlite:///{tmp_path / 'new' / 'central.db'}", tmp_path / "new" / "evidence")
        return
    server = request.getfixturevalue("postgresql_url")
    with postgresql.database(server, f"restored{next(_NUMBERS)}") as url:
        yield Place(url, tmp_path / "new" / "evidence")


@pytest.fixture
def made(full: Stores, tmp_path: Path) -> Path:
    """Return a backup of the full stores."""
    back_up(full, tmp_path / "backup")
    return tmp_path / "backup"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Place]]:
    """Return a backup of each kind that nobody spoils, and an empty place that nobody fills."""
    folder = tmp_path_factory.mktemp("once")
    with ExitStack() as stack:
        if request.param == "sqlite":
            urls = [f"sqlite:///{folder / name / 'central.db'}" for name in ("full", "empty")]
        else:
            server = request.getfixturevalue("postgresql_url")
            urls = [stack.enter_context(postgresql.database(server, f"once_{name}")) for name in ("full", "empty")]
        stores = open_stores(database_url=urls[0], evidence_dir=folder / "evidence")
        stack.callback(stores.close)
        fill(stores)
        back_up(stores, folder / "backup")
        yield folder / "backup", Place(urls[1], folder / "none")


@pytest.fixture
def spoilable(once: tuple[Path, Place], tmp_path: Path) -> Path:
    """Return a copy of the backup."""
    return shutil.copytree(once[0], tmp_path / "backup")


@pytest.fixture
def nowhere(once: tuple[Path, Place]) -> Place:
    """Return the empty place."""
    return once[1]


def url_of(stores: Stores) -> str:
    return cast("SqlStores", stores).database.engine.url.render_as_string(hide_password=False)


def evidence_of(stores: Stores) -> Path:
    return cast("Path", stores.blobs._folder)  # type: ignore[attr-defined]


def back_up(stores: Stores, folder: Path, watch: Callable[[BackupStage, int, int], None] | None = None) -> Backup:
    source = Source(open_database_copy(url_of(stores)), evidence_of(stores), "1.2.3")
    return make_backup(source, folder, later(0), watch or (lambda *_: None))


def restore(folder: Path, place: Place) -> Backup:
    return restore_backup(folder, open_database_copy(place.url), place.evidence, lambda *_: None)


def everything(stores: Stores) -> dict[str, list[dict[str, object]]]:
    return {name: rows(stores, name) for name in sorted(metadata.tables)}


def definitions(stores: Stores) -> list[str]:
    """Every index and constraint, as the database says it."""
    database = cast("SqlStores", stores).database
    asked = "SELECT coalesce(sql, name) FROM sqlite_master"
    if database.engine.dialect.name == "postgresql":
        asked = """
            SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid::regclass::text NOT LIKE 'pg_%'
            UNION SELECT concat(conrelid::regclass, ' ', conname, ' ', pg_get_constraintdef(oid)) FROM pg_constraint
            WHERE connamespace = current_schema()::regnamespace"""
    with database.reading() as connection:
        return sorted(connection.execute(text(asked)).scalars())


def opened(place: Place) -> Stores:
    return open_stores(database_url=place.url, evidence_dir=place.evidence)


def test_what_is_restored_is_what_was_backed_up(full: Stores, made: Path, empty: Place) -> None:
    assert verify(made, lambda *_: None).facts == restore(made, empty).facts
    back = opened(empty)
    assert everything(back) == everything(full)
    assert b"".join(back.blobs.read(PICTURE_SHA)) == b"".join(full.blobs.read(PICTURE_SHA))
    assert {case.findings for case in Audits(back).check()} == {()}
    with back.reading() as unit:
        assert unit.cases.count(CaseFilter(text="暴露垃圾"), 9) == 1
    staff = Staff(back)
    staff.random = secrets.token_bytes  # type: ignore[assignment]
    new = staff.report(description="流动摊贩").case
    with back.reading() as unit:
        assert [case.id for case in unit.cases.find(CaseFilter(text="流动摊贩"), PAGE).items] == [new.id]
    back.close()


def test_what_is_restored_has_every_index_and_constraint(full: Stores, made: Path, empty: Place) -> None:
    restore(made, empty)
    back = opened(empty)
    assert definitions(back) == definitions(full)
    assert len(definitions(back)) > 100
    back.close()


def test_one_moment_though_others_write_meanwhile(full: Stores, tmp_path: Path, empty: Place) -> None:
    before, staff, seen = everything(full), Staff(full), []
    staff.random = secrets.token_bytes  # type: ignore[assignment]

    def write(stage: BackupStage, done: int, total: int) -> None:
        seen.append((stage, done, total))
        if len(seen) == 1:
            staff.report(description="此刻")

    facts = back_up(full, tmp_path / "backup", write).facts
    assert len(rows(full, "cases")) == len(before["cases"]) + 1
    assert facts.database.rows["cases"] == len(before["cases"])
    assert {stage for stage, _, _ in seen} == set(BackupStage)
    restore(tmp_path / "backup", empty)
    back = opened(empty)
    assert everything(back) == before
    back.close()


def test_sha256sum_understands_the_sums(spoilable: Path) -> None:
    made = spoilable
    lines = (made / "SHA256SUMS").read_text().splitlines()
    names = {line[66:] for line in lines}
    assert names == {str(path.relative_to(made)) for path in made.rglob("*") if path.is_file()} - {"SHA256SUMS"}
    assert all(files.hashed(made / line[66:]) == line[:64] for line in lines)


def test_a_picture_that_is_not_there_or_damaged_is_named(full: Stores, tmp_path: Path, empty: Place) -> None:
    picture = next(path for path in evidence_of(full).rglob(PICTURE_SHA))
    picture.write_bytes(b"rotten")
    backup = back_up(full, tmp_path / "backup")
    assert (backup.facts.pictures, backup.facts.absent, backup.absent) == (0, 1, (PICTURE_SHA,))
    assert restore(tmp_path / "backup", empty).facts.absent == 1


def flip(name: str) -> Spoil:
    """Change one byte in the middle of the largest file of such a name."""

    def spoil(backup: Path) -> None:
        path = largest(backup, name)
        content = bytearray(path.read_bytes())
        content[10 if name == "SHA256SUMS" else len(content) // 2] ^= 1
        path.write_bytes(content)

    return spoil


def drop(name: str) -> Spoil:
    """Remove the largest file of such a name."""
    return lambda backup: largest(backup, name).unlink()


def largest(backup: Path, name: str) -> Path:
    return max(backup.rglob(name), key=lambda path: path.stat().st_size)


def say(**changed: object) -> Spoil:
    """Let the backup say something else of itself, with sums that fit."""

    def spoil(backup: Path) -> None:
        facts = json.loads((backup / "backup.json").read_text())
        old = files.hashed(backup / "backup.json")
        facts |= {key: value for key, value in changed.items() if not isinstance(value, dict)}
        facts["database"] |= changed.get("database", {})
        (backup / "backup.json").write_text(json.dumps(facts))
        swap(backup, old, files.hashed(backup / "backup.json"))

    return spoil


def swap(backup: Path, old: str, new: str) -> None:
    """Change the sums."""
    (backup / "SHA256SUMS").write_text((backup / "SHA256SUMS").read_text().replace(old, new))


def cut_sums(backup: Path) -> None:
    """Leave out the sum of a picture."""
    lines = (backup / "SHA256SUMS").read_text().splitlines(keepends=True)
    (backup / "SHA256SUMS").write_text("".join(line for line in lines if "evidence/" not in line))


def link_out(backup: Path) -> None:
    """Put a link in place of a picture."""
    picture = largest(backup, PICTURE_SHA)
    outside = backup.with_name("outside")
    shutil.move(picture, outside)
    picture.symlink_to(outside)


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (drop("SHA256SUMS"), BackupProblem.UNFINISHED),
        (shutil.rmtree, BackupProblem.FOLDER_MISSING),
        (flip("SHA256SUMS"), BackupProblem.FILE_DAMAGED),
        (cut_sums, BackupProblem.FILE_DAMAGED),
        (flip("backup.json"), BackupProblem.FILE_DAMAGED),
        (flip("pictures.txt"), BackupProblem.FILE_DAMAGED),
        (flip(DATABASE), BackupProblem.FILE_DAMAGED),
        (flip(PICTURE_SHA), BackupProblem.FILE_DAMAGED),
        (link_out, BackupProblem.FILE_DAMAGED),
        (drop("backup.json"), BackupProblem.FILE_MISSING),
        (drop("pictures.txt"), BackupProblem.FILE_MISSING),
        (drop(DATABASE), BackupProblem.FILE_MISSING),
        (drop(PICTURE_SHA), BackupProblem.FILE_MISSING),
        (lambda backup: swap(backup, "evidence/", "../evidence/"), BackupProblem.FILE_DAMAGED),
        (lambda backup: swap(backup, "evidence/", "/evidence/"), BackupProblem.FILE_DAMAGED),
    ],
)
def test_a_spoilt_backup_is_neither_believed_nor_restored(
    spoil: Spoil, problem: BackupProblem, spoilable: Path, nowhere: Place
) -> None:
    spoil(spoilable)
    for read in (lambda: verify(spoilable, lambda *_: None), lambda: restore(spoilable, nowhere)):
        with pytest.raises(BackupRefused) as refusal:
            read()
        assert refusal.value.problem is problem
    assert nowhere.is_untouched()


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"format": 2}, BackupProblem.OTHER_FORMAT),
        ({"database": {"schema": "9999_later"}}, BackupProblem.OTHER_SCHEMA),
        ({"database": {"rows": {"cases": 7}}}, BackupProblem.ROWS_DIFFER),
        ({"bytes": 10**18}, BackupProblem.NO_SPACE),
    ],
)
def test_a_backup_that_does_not_fit_is_not_restored(
    changed: dict[str, object], problem: BackupProblem, spoilable: Path, nowhere: Place
) -> None:
    say(**changed)(spoilable)
    with pytest.raises(BackupRefused) as refusal:
        restore(spoilable, nowhere)
    assert refusal.value.problem is problem
    assert nowhere.is_untouched()


def test_a_backup_of_the_other_kind_of_database_is_not_restored(spoilable: Path, nowhere: Place) -> None:
    other = "postgresql" if nowhere.url.startswith("sqlite") else "sqlite"
    say(database={"kind": other})(spoilable)
    with pytest.raises(BackupRefused) as refusal:
        restore(spoilable, nowhere)
    assert refusal.value.problem is BackupProblem.OTHER_DATABASE


def test_a_place_that_holds_something_is_left_alone(full: Stores, made: Path, empty: Place) -> None:
    before = everything(full)
    with pytest.raises(BackupRefused) as refusal:
        restore(made, Place(url_of(full), empty.evidence))
    assert refusal.value.problem is BackupProblem.DATABASE_NOT_EMPTY
    assert everything(full) == before
    (empty.evidence / "aa").mkdir(parents=True)
    (empty.evidence / "aa" / "picture").write_text("kept")
    with pytest.raises(BackupRefused) as refusal:
        restore(made, empty)
    assert refusal.value.problem is BackupProblem.EVIDENCE_NOT_EMPTY
    assert (empty.evidence / "aa" / "picture").read_text() == "kept"


def test_a_folder_that_holds_something_is_left_alone(full: Stores, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "mine").write_text("kept")
    with pytest.raises(BackupRefused) as refusal:
        back_up(full, tmp_path / "backup")
    assert refusal.value.problem is BackupProblem.FOLDER_NOT_EMPTY
    assert [path.name for path in (tmp_path / "backup").iterdir()] == ["mine"]


@pytest.mark.parametrize("stage", list(BackupStage))
@pytest.mark.parametrize("was_there", [True, False])
def test_a_backup_that_breaks_off_leaves_nothing(
    stage: BackupStage,
    was_there: bool,  # noqa: FBT001 - a parameter of the test
    full: Stores,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "backup"
    if was_there:
        folder.mkdir()

    def fail(at: BackupStage, _done: int, _total: int) -> None:
        if at is stage:
            raise OSError(28, "No space left on device")

    with pytest.raises(BackupRefused) as refusal:
        back_up(full, folder, fail)
    assert refusal.value.problem is BackupProblem.NO_SPACE
    assert folder.exists() == was_there
    assert not was_there or list(folder.iterdir()) == []


@pytest.mark.parametrize("stage", [BackupStage.DATABASE, BackupStage.PICTURES])
def test_a_restore_that_breaks_off_leaves_nothing_and_may_be_tried_again(
    stage: BackupStage, made: Path, empty: Place
) -> None:
    def fail(at: BackupStage, _done: int, _total: int) -> None:
        if at is stage:
            raise OSError(28, "No space left on device")

    with pytest.raises(BackupRefused) as refusal:
        restore_backup(made, open_database_copy(empty.url), empty.evidence, fail)
    assert refusal.value.problem is BackupProblem.NO_SPACE
    assert empty.is_untouched()
    restore(made, empty)


def test_a_backup_of_an_earlier_release_comes_back_up_to_date(
    empty: Place, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with another(empty, tmp_path, request) as url:
        database = at_revision(url, "0003_measures")
        with database.writing() as connection:
            old_case(connection, 1, "candidate", "detector", "opened")
        database.close()
        source = Source(open_database_copy(url), tmp_path / "old-evidence", "0.1.0")
        make_backup(source, tmp_path / "backup", later(0), lambda *_: None)
    restore(tmp_path / "backup", empty)
    back = opened(empty)
    assert [case.findings for case in Audits(back).check()] == [()]
    with back.reading() as unit:
        assert unit.cases.count(CaseFilter(text="东大街"), 9) == 1
    back.close()


def another(place: Place, tmp_path: Path, request: pytest.FixtureRequest) -> AbstractContextManager[str]:
    """One more empty database of the same kind."""
    if place.url.startswith("sqlite"):
        return nullcontext(f"sqlite:///{tmp_path / 'old' / 'central.db'}")
    return postgresql.database(request.getfixturevalue("postgresql_url"), f"old{next(_NUMBERS)}")


def test_no_database_is_no_backup(tmp_path: Path) -> None:
    source = Source(open_database_copy(f"sqlite:///{tmp_path / 'none.db'}"), tmp_path / "evidence", "1.2.3")
    with pytest.raises(StoreUnavailable, match="there is no database"):
        make_backup(source, tmp_path / "backup", later(0), lambda *_: None)
    assert not (tmp_path / "backup").exists()
    assert not (tmp_path / "none.db").exists()

"""`gridwarden central verify-audit` names what it finds, and its exit code says whether there was anything."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from central.cli import app
from central.core.retention import RetentionPolicy
from central.services.retention import Retention
from tests.support.casework import Staff
from tests.support.office import Office, office, settings_in
from tests.support.store_contents import change

WHOLE = "2 个案件的记录完整"


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, str]:
    """Return a closed office with two cases, and its settings file."""
    folder = tmp_path_factory.mktemp("central")
    file = folder / "central.yaml"
    file.write_text(f"data_dir: {folder}\n")
    with office(settings_in(folder)) as opened:
        staff = Staff(opened.stores)
        for _ in range(2):
            staff.handled()
    return opened, str(file)


def verify(file: str, language: str = "zh_CN.UTF-8") -> tuple[int, list[str]]:
    ended = CliRunner(env={"LC_ALL": language}).invoke(app, ["verify-audit", "--config", file])
    return ended.exit_code, ended.stdout.splitlines()


def test_untouched_histories_are_counted(kept: tuple[Office, str]) -> None:
    assert verify(kept[1]) == (0, [WHOLE])


def test_one_changed_byte_is_named_by_case_and_line(kept: tuple[Office, str]) -> None:
    opened, file = kept
    engine = create_engine(opened.settings.database)
    with engine.begin() as connection:
        number = connection.execute(text("SELECT number FROM cases ORDER BY position LIMIT 1")).scalar_one()
        connection.execute(text("UPDATE case_steps SET note = 'm' WHERE position = 3"))
    engine.dispose()
    assert verify(file) == (1, [f"案件 {number}：第 3 条记录被改动", "2 个案件中有 1 个不完整"])
    assert verify(file, "en_GB.UTF-8") == (
        1,
        [f"case {number}: line 3 was changed", "of 2 cases, 1 are not whole"],
    )


def test_a_changed_tombstone_is_named(kept: tuple[Office, str]) -> None:
    opened, file = kept
    with office(opened.settings) as again:
        change(again.stores, "UPDATE cases SET status = 'closed'")
        policy, later = RetentionPolicy(cases_days=1), again.now() + timedelta(days=9)
        assert sum(one.cases for one in Retention(again.stores, policy).run(later)) == 2
        assert verify(file) == (0, ["0 个案件的记录完整"])
        change(again.stores, "UPDATE tombstones SET rule = 'cases_days=2' WHERE number = 1")
    assert verify(file) == (1, ["删除标记：第 1 条记录被改动", "0 个案件的记录完整"])
    assert verify(file, "en_GB.UTF-8")[1][0] == "tombstones: line 1 was changed"


def test_a_published_month_that_was_changed_is_named(kept: tuple[Office, str]) -> None:
    opened, file = kept
    with office(opened.settings) as again:
        again.services.publishing.publish("2026-02", "wang", again.now() + timedelta(days=60))
        assert verify(file) == (0, [WHOLE])
        change(again.stores, "UPDATE kpi_months SET made_by = 'li'")
    assert verify(file) == (1, ["月报 2026-02 第 1 版：与封存时不符", WHOLE])
    assert verify(file, "en_GB.UTF-8")[1][0] == "month 2026-02: revision 1 does not match its seal"


def test_a_missing_configuration_is_the_users_mistake(kept: tuple[Office, str]) -> None:
    assert verify(f"{kept[1]}.none")[0] == 2

"""`gridwarden central` as processes: it starts, ends, and says what is wrong."""

import os
import signal
import stat
from pathlib import Path

import psutil
import pytest

from central.gateway.broker.lock import holder
from tests.support.central import GRIDWARDEN, START_S, Central
from tests.support.need import find_program
from tests.support.ports import accepts, free_port
from tests.support.processes import ENGLISH, Process, Processes
from tests.support.until import until

KINDS = ["mosquitto", "amqtt"] if find_program("mosquitto") else ["amqtt"]


@pytest.fixture(params=KINDS)
def central(request: pytest.FixtureRequest, tmp_path: Path, start_process: Processes) -> Central:
    return Central(tmp_path, start_process, request.param)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_central_and_its_broker_quietly(central: Central, number: signal.Signals, code: int) -> None:
    process = central.start()
    broker = central.await_broker()
    process.signal(number)
    assert process.wait(30) == code
    assert "Traceback" not in process.err + process.out
    assert 'event="a defect' not in process.err
    until(lambda: not process.survivors(), what="no process left")
    assert not psutil.pid_exists(broker)


def test_ctrl_c_in_a_terminal_ends_everything(tmp_path: Path, start_process: Processes) -> None:
    central = Central(tmp_path, start_process)
    process = central.start()
    central.await_broker()
    process.interrupt()
    assert process.wait(30) == 130
    assert "Traceback" not in process.err + process.out
    until(lambda: not process.survivors(), what="no process left")


def test_a_signal_before_the_broker_is_there_ends_it_too(tmp_path: Path, start_process: Processes) -> None:
    central = Central(tmp_path, start_process)
    process = central.start()
    process.signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert "Traceback" not in process.err + process.out
    until(lambda: not process.survivors(), what="no process left")


def test_a_killed_central_takes_its_broker_along_and_starts_again(central: Central) -> None:
    process = central.start()
    central.await_broker()
    process.kill()
    until(lambda: not process.survivors(), what="the broker's end")
    central.start()
    central.await_broker()


def test_a_killed_broker_is_started_again(central: Central) -> None:
    central.start()
    first = central.await_broker()
    os.kill(first, signal.SIGKILL)

    def another() -> bool:
        held = holder(central.folder / "data" / "broker")
        return held is not None and held.pid not in (None, first)

    until(another, within_s=START_S, what=central.process.report)
    central.await_broker()


def test_a_broker_of_its_own_is_used_and_left_running(central: Central, start_process: Processes) -> None:
    broker = start_process(*GRIDWARDEN, "broker", "--config", central.config, name="broker")
    process = central.start()
    assert central.await_broker() == broker.pid
    process.signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert broker.running()


def test_only_one_central_has_the_data(start_process: Processes, tmp_path: Path) -> None:
    central = Central(tmp_path, start_process)
    central.start()
    central.await_broker()
    other = tmp_path / "other.yaml"
    other.write_text(f"listen: {{port: {free_port()}}}\nbroker: {{port: {central.broker_port}}}\n")
    second = start_process(*GRIDWARDEN, "run", "--config", other, env=ENGLISH)
    assert second.wait(START_S) == 2
    assert "another central runs already" in second.err
    third = start_process(*GRIDWARDEN, "run", "--config", central.config, env=ENGLISH)
    assert third.wait(START_S) == 3
    assert f"cannot listen on 127.0.0.1:{central.port}: Address already in use" in third.err


def ended(start_process: Processes, *words: str | Path) -> Process:
    process = start_process(*GRIDWARDEN, *words, env=ENGLISH)
    process.wait(START_S)
    assert "Traceback" not in process.err + process.out, process.report()
    return process


def test_init_writes_private_settings_once(start_process: Processes, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    first = ended(start_process, "init", folder)
    assert first.exit_code == 0
    assert f"gridwarden central run --config {folder / 'central.yaml'}" in first.out
    assert stat.S_IMODE((folder / "central.yaml").stat().st_mode) == 0o600
    again = ended(start_process, "init", folder)
    assert (again.exit_code, "--force" in again.err) == (2, True)
    assert ended(start_process, "init", folder, "--force").exit_code == 0


def test_what_central_writes_is_for_its_own_user_even_in_an_open_folder(
    start_process: Processes, tmp_path: Path
) -> None:
    ended(start_process, "init", tmp_path)
    data = tmp_path / "data"
    data.mkdir(exist_ok=True)
    data.chmod(0o755)
    assert ended(start_process, "actor", "list", "--config", tmp_path / "central.yaml").exit_code == 0
    files = [path for path in data.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_a_token_is_printed_once_and_a_name_is_taken_once(start_process: Processes, tmp_path: Path) -> None:
    ended(start_process, "init", tmp_path)
    config = ("--config", tmp_path / "central.yaml")
    first = ended(start_process, "actor", "add", "王芳", "--role", "operator", *config)
    assert first.exit_code == 0
    (token,) = [word for word in first.out.split() if word.startswith("gw_")]
    again = ended(start_process, "actor", "add", "王芳", "--role", "viewer", *config)
    assert again.exit_code == 2
    assert "already" in again.err
    assert token.encode() not in (tmp_path / "data" / "central.db").read_bytes()
    assert ended(start_process, "actor", "list", *config).out == "王芳\toperator\n"
    assert ended(start_process, "actor", "revoke", "王芳", *config).exit_code == 0
    assert ended(start_process, "actor", "list", *config).out == ""
    nobody = ended(start_process, "actor", "revoke", "王芳", *config)
    assert (nobody.exit_code, "actor list" in nobody.err) == (2, True)
    homeless = ended(start_process, "actor", "add", "张", "--role", "department", *config)
    assert (homeless.exit_code, "needs the unit" in homeless.err) == (2, True)
    named = ("actor", "add", "张", "--role", "department", "--unit", "sanitation")
    assert ended(start_process, *named, *config).exit_code == 0
    assert ended(start_process, "actor", "list", *config).out == "张\tdepartment\tsanitation\n"
    wrong = ended(start_process, "actor", "add", "x", "--role", "boss", *config)
    assert wrong.exit_code == 2


@pytest.mark.parametrize(
    ("settings", "code", "sentence"),
    [
        ("listen: {port: 0}\n", 2, "central.yaml:1: listen.port"),
        ("database_url: mysql://u:s3cret@h/d\n", 2, "database_url: "),
        ("notify_url: nonsense://s3cret\n", 2, "notify_url is no address that Apprise knows"),
        ("notify_url_file: none\n", 2, "notify_url_file: cannot read"),
        ("broker_url: mqtt://127.0.0.1\nbroker_password_file: none\n", 2, "broker_password_file: cannot read"),
        ("listen: {host: 192.0.2.1, port: 8080}\n", 3, "cannot listen on 192.0.2.1:8080"),
        ("data_dir: central.yaml/x\n", 3, "Not a directory"),
    ],
)
def test_what_cannot_work_is_told_in_a_sentence(
    start_process: Processes, tmp_path: Path, settings: str, code: int, sentence: str
) -> None:
    config = tmp_path / "central.yaml"
    used = [f"{key}: {{port: {free_port()}}}" for key in ("listen", "broker") if f"{key}:" not in settings]
    config.write_text(settings + "".join(f"{line}\n" for line in used))
    process = ended(start_process, "run", "--config", config)
    assert process.exit_code == code, process.report()
    assert sentence in process.err
    assert len(process.err.splitlines()) == 1, process.err
    assert "s3cret" not in process.err + process.out


def test_a_port_that_somebody_else_has_is_told(start_process: Processes, tmp_path: Path) -> None:
    central = Central(tmp_path, start_process)
    central.start()
    central.await_broker()
    config = tmp_path / "other.yaml"
    config.write_text(f"data_dir: other\nlisten: {{port: {free_port()}}}\nbroker: {{port: {central.broker_port}}}\n")
    process = ended(start_process, "run", "--config", config)
    assert process.exit_code == 3
    assert "change broker.port" in process.err
    assert accepts(central.broker_port)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("init",),
        ("run",),
        ("broker",),
        ("add-box",),
        ("verify-audit",),
        ("actor",),
        ("actor", "add"),
        ("actor", "list"),
        ("actor", "revoke"),
    ],
    ids=" ".join,
)
def test_help_shows_an_example(start_process: Processes, words: tuple[str, ...]) -> None:
    told = ended(start_process, *words, "--help")
    assert told.exit_code == 0
    assert "Example: gridwarden central" in " ".join(told.out.split())

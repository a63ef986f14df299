"""`gridwarden central backup`, `backup verify` and `restore` say in one sentence how it ended."""

import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from central.cli import app
from central.gateway.broker.lock import LOCK
from tests.support.casework import Staff
from tests.support.office import office, settings_in

FSIZE = 64 * 1024
HELD = (
    "import fcntl, sys; f = open(sys.argv[1], 'a'); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); sys.stdin.read()"
)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the settings and data of a central, and settings of an empty one beside it."""
    folder = tmp_path_factory.mktemp("central")
    for name in ("old", "new"):
        (folder / name).mkdir()
        (folder / name / "central.yaml").write_text("data_dir: data\nlanguage: en\n")
    with office(settings_in(folder / "old" / "data")) as opened:
        Staff(opened.stores).handled()
    said(folder, "backup", str(folder / "backup"), at="old")
    return folder


def said(here: Path, *words: str, at: str = "new", language: str = "en_GB.UTF-8") -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    config = ("--config", str(here / at / "central.yaml")) if "verify" not in words else ()
    ended = CliRunner(env={"LC_ALL": language}).invoke(app, [*words, *config])
    return ended.exit_code, ended.stdout, ended.stderr


def test_a_backup_is_made_checked_and_restored_with_the_same_figures(here: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    code, out, _ = said(here, "backup", str(backup), at="old")
    figures, digest = out.splitlines()[0].partition(": ")[2], out.splitlines()[1]
    assert (code, figures.partition(",")[0]) == (0, "1 cases")
    assert said(here, "backup", "verify", str(backup))[1].splitlines() == [f"{backup} is whole: {figures}", digest]
    code, out, _ = said(here, "restore", str(backup))
    assert (code, out.splitlines()[0]) == (0, f"restored from {backup}: {figures}")
    assert "forgotten_by_central" in out
    assert said(here, "verify-audit")[0] == 0
    code, out, err = said(here, "restore", str(backup))
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "is not empty" in err
    shutil.rmtree(here / "new" / "data")


def test_a_backup_is_checked_with_times_of_the_city_where_there_are_settings(here: Path, tmp_path: Path) -> None:
    settings = tmp_path / "central.yaml"
    settings.write_text("data_dir: data\ntimezone: Pacific/Auckland\n")
    words = ["backup", "verify", str(here / "backup")]
    there = CliRunner(env={"LC_ALL": "en_GB.UTF-8"}).invoke(app, [*words, "--config", str(settings)])
    assert (there.exit_code, "+08:00" in there.stdout) == (0, False)
    assert "+13:00" in there.stdout or "+12:00" in there.stdout
    nowhere = CliRunner(env={"LC_ALL": "en_GB.UTF-8"}).invoke(app, [*words, "--config", str(tmp_path / "none.yaml")])
    assert (nowhere.exit_code, "+08:00" in nowhere.stdout) == (0, True)


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (("backup", "{here}/backup"), "is no empty folder", "不是空文件夹"),
        (("backup", "verify", "{here}/none"), "there is no folder", "没有文件夹"),
        (("backup", "verify", "{here}/old"), "it was cut off", "备份曾被中断"),
        (("restore", "{here}/old"), "it was cut off", "备份曾被中断"),
        (("backup", "a", "b"), "name one folder", "name one folder"),
    ],
)
def test_mistakes_are_one_sentence_and_exit_2(words: tuple[str, ...], english: str, chinese: str, here: Path) -> None:
    for language, sentence in (("en_GB.UTF-8", english), ("zh_CN.UTF-8", chinese)):
        code, out, err = said(here, *(word.format(here=here) for word in words), language=language)
        assert (code, out, len(err.splitlines())) == (2, "", 1)
        assert sentence in err
    assert not (here / "new" / "data" / "central.db").exists()


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_disk_that_takes_no_more_is_one_sentence_and_leaves_nothing(command: str, here: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    (new / "central.yaml").write_text("data_dir: data\n")
    words = (
        ["backup", str(tmp_path / "backup"), "--config", str(here / "old" / "central.yaml")]
        if command == "backup"
        else ["restore", str(here / "backup"), "--config", str(new / "central.yaml")]
    )
    program = [sys.executable, "-c", "from central.cli import app; app()", *words]
    ended = subprocess.run(
        program,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (FSIZE, FSIZE)),
        env={"LC_ALL": "en_GB.UTF-8", "PYTHONPATH": ":".join(sys.path)},
    )
    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1), ended.stderr
    assert "nothing was left there" in ended.stderr
    assert not (tmp_path / "backup").exists()
    assert not [path for path in new.rglob("*") if path.is_file() and path.name not in {"central.yaml", LOCK}]


def test_a_central_that_runs_is_not_restored_into(here: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "central.yaml").write_text("data_dir: data\n")
    with subprocess.Popen(
        [sys.executable, "-c", HELD, str(tmp_path / "data" / LOCK)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        ended = CliRunner().invoke(app, ["restore", str(here / "backup"), "--config", str(tmp_path / "central.yaml")])
        other.communicate(b"")
    assert (ended.exit_code, len(ended.stderr.splitlines())) == (2, 1)
    assert "已有另一个指挥中心" in ended.stderr
    assert not (tmp_path / "data" / "central.db").exists()

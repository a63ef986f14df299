"""The `gridwarden` command finds its commands by entry point, loads one alone, and says what is wrong in a sentence."""

import os
import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from string import Template

import pytest

from provisioning.main import GROUP, dispatch

APPLICATION = Template("""
import typer
app = typer.Typer()
@app.command()
def work(count: int = 1) -> None:
    print(f"worked {count}")
    $ending
""")
ENDINGS = {
    "gwt_good": "",
    "gwt_failed_check": "raise typer.Exit(1)",
    "gwt_interrupted": "raise KeyboardInterrupt",
    "gwt_defect": "raise ZeroDivisionError",
    "gwt_says_goodbye": "raise SystemExit('good-bye')",
    "gwt_lazy": "import surely_not_installed.part",
    "gwt_own_part": "import provisioning.surely_not_there",
    "gwt_part_of_installed": "import typer.surely_not_there",
}


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> EntryPoints:
    """One command for each ending, each in a module of its own, and one that cannot be loaded."""
    folder = tmp_path_factory.mktemp("commands")
    for name, ending in ENDINGS.items():
        (folder / f"{name}.py").write_text(APPLICATION.substitute(ending=ending))
    (folder / "gwt_lacking.py").write_text("import surely_not_installed")
    sys.path.append(str(folder))
    names = [*ENDINGS, "gwt_lacking"]
    return EntryPoints(EntryPoint(name.removeprefix("gwt_"), f"{name}:app [extra]", GROUP) for name in names)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["good"], 0, "worked 1"),
        (["good", "--count", "3"], 0, "worked 3"),
        (["good", "--count", "three"], 2, "Invalid value"),
        (["good", "--nonsense"], 2, "No such option"),
        (["failed_check"], 1, ""),
        (["interrupted"], 130, ""),
        (["says_goodbye"], 1, "good-bye"),
        (["lacking"], 3, 'pip install "gridwarden[extra]"'),
        (["lazy"], 3, "'surely_not_installed'"),
        (["goood"], 2, "did you mean `gridwarden good`?"),
        (["xyzzy"], 2, "`gridwarden --help` lists them"),
        ([], 2, "Usage: gridwarden"),
        (["--help"], 0, "Example: gridwarden demo"),
        (["--version"], 0, "gridwarden "),
    ],
)
def test_every_ending_has_its_exit_code_and_sentence(
    commands: EntryPoints, capsys: pytest.CaptureFixture[str], words: list[str], code: int, says: str
) -> None:
    assert dispatch(words, commands) == code
    printed = capsys.readouterr()
    assert says in printed.out + printed.err
    assert "Traceback" not in printed.out + printed.err


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("defect", ZeroDivisionError),
        ("own_part", ModuleNotFoundError),
        ("part_of_installed", ModuleNotFoundError),
    ],
)
def test_defects_are_not_hidden(commands: EntryPoints, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        dispatch([name], commands)


def test_the_overview_loads_no_command() -> None:
    code = """
import sys
from provisioning.main import run
sys.argv[1:] = ["--help"]
try:
    run()
finally:
    print(sys.modules.keys() & {"typer", "central", "edge_agent", "cv2"})
"""
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.endswith("set()\n")


def test_commands_are_found_through_the_entry_points_of_installed_distributions(tmp_path: Path) -> None:
    (tmp_path / "gwt_plugin.py").write_text(APPLICATION.substitute(ending=""))
    metadata = tmp_path / "gwt_plugin-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: gwt-plugin\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[{GROUP}]\nplugin = gwt_plugin:app\n")
    repository = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-m", "provisioning.main", "plugin", "--count", "7"],
        capture_output=True,
        text=True,
        check=True,
        cwd=repository,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.stdout == "worked 7\n"

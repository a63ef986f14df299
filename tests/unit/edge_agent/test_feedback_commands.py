"""`edge export-crops` and `edge feedback`: what people said, as files and as proposals."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from edge_agent.cli import app
from edge_agent.link.judgements import Judgements, verdicts_in
from edge_agent.link.store import STORE_FILE, EdgeStore
from edge_agent.settings import load_config
from edge_agent.video.crops import CROPS_FOLDER, CropFolder
from protocol.messages import Command, Judgement
from protocol.scene_rules import Rule
from tests.support.judged import NOW, episodes, said
from tests.support.shared import REPOSITORY


def run(*words: str) -> Result:
    return CliRunner().invoke(app, [*words, *([] if "--lang" in words else ["--lang", "en"])])


CONFIG = """
site: s1
box: b1
cameras:
  - {id: cam, url: "rtsp://127.0.0.1/x"}
"""


def applied(config: Path, told: str) -> Rule:
    """The rule after the proposal's own words were pasted into it."""
    (setting,) = re.findall(r"`(score_min: [0-9.]+)`", told)
    zone = (
        "zones: [{id: z, polygon: [[0, 0], [1, 0], [1, 1]], rules: [{scene: stay, labels: [stall], dwell_s: 5, %s}]}]"
    )
    config.write_text(CONFIG.replace('/x"', f'/x", {zone % setting}'), encoding="utf-8")
    return load_config(config).config.cameras[0].zones[0].rules[0]


def judged_box(folder: Path, *commands: Command) -> Path:
    """A box with judged reports and their crops; its configuration."""
    config = folder / "edge.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    store = EdgeStore(folder / "data", "00000000000000aa")
    for one in commands:
        Judgements(store).note(one, NOW)
        CropFolder(folder / "data" / CROPS_FOLDER / "cam").keep(str(one.episode), b"picture" * 20_000)
    store.close()
    return config


@pytest.mark.parametrize("name", ["box#1", "box?x", "box%41", "盒子 1"])
def test_a_data_folder_of_any_name_is_read_and_none_is_made(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    config = judged_box(folder, said(0))
    read = run("feedback", "--config", str(config))
    assert (read.exit_code, "0 confirmed, 1 rejected" in read.stdout) == (0, True), read.output
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_an_export_writes_through_no_link(tmp_path: Path) -> None:
    config, out, others = judged_box(tmp_path, said(0)), tmp_path / "out", tmp_path / "others"
    others.write_bytes(b"kept")
    (out / "stay" / "rejected").mkdir(parents=True)
    for name in ("index.csv", "stay/rejected/ep-0.jpg"):
        (out / name).symlink_to(others)
    assert run("export-crops", "--config", str(config), "--out", str(out)).exit_code == 0
    assert others.read_bytes() == b"kept"
    assert (out / "stay" / "rejected" / "ep-0.jpg").read_bytes() == b"picture" * 20_000


def test_an_export_onto_a_full_disk_leaves_nothing_half_and_names_the_target(tmp_path: Path) -> None:
    config, out = judged_box(tmp_path, said(0)), tmp_path / "out"
    program = (
        "import resource, signal, sys; from edge_agent.cli import app; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    )
    program += "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); app(sys.argv[1:])"
    words = [sys.executable, "-c", program, "export-crops", "--config", str(config), "--out", str(out)]
    words += ["--lang", "en"]
    ended = subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"{out} cannot be written: File too large\n"
    assert not [path for path in out.rglob("*") if path.is_file()]


def test_a_reason_is_shown_by_a_spreadsheet_and_not_run(tmp_path: Path) -> None:
    formula = said(0).model_copy(update={"reason": "=HYPERLINK(1)\n\x1b[31m"})
    out = tmp_path / "out"
    assert run("export-crops", "--config", str(judged_box(tmp_path, formula)), "--out", str(out)).exit_code == 0
    _, line = (out / "index.csv").read_text(encoding="utf-8").splitlines()
    assert ",'=HYPERLINK(1) [31m," in line


def test_what_is_missing_for_a_proposal_and_for_pictures_is_told(tmp_path: Path) -> None:
    config = str(judged_box(tmp_path, said(0)))
    told = run("feedback", "--config", config)
    assert "too few to propose anything: that takes 10 judged reports of a scene in a zone, 3 of them" in told.stdout
    assert "至少要 10 条判定，其中驳回 3 条" in run("feedback", "--config", config, "--lang", "zh-CN").stdout
    all_there = run("export-crops", "--config", config, "--out", str(tmp_path / "out")).stdout
    assert all_there.startswith("1 of 1 judged reports")
    assert len(all_there.splitlines()) == 1
    (tmp_path / "data" / CROPS_FOLDER / "cam" / "ep-0.jpg").unlink()
    none_kept = run("export-crops", "--config", config, "--out", str(tmp_path / "out")).stdout
    assert "no cut-out was kept: `crops.keep` is false, or there is no detector that knows person and car" in none_kept
    chinese = run("export-crops", "--config", config, "--out", str(tmp_path / "out"), "--lang", "zh-CN").stdout
    assert "没有留下截图：`crops.keep` 为 false" in chinese


def test_a_judgement_of_another_release_masks_nothing_and_is_told(tmp_path: Path) -> None:
    config = judged_box(tmp_path, said(0), said(1))
    store = EdgeStore(tmp_path / "data", "00000000000000aa")
    with store.transaction() as connection:
        connection.execute("UPDATE judgements SET command = '{}' WHERE episode = 'ep-0'")
    assert len(Judgements(store).masks("cam", NOW)) == 1
    store.close()
    told = run("feedback", "--config", str(config))
    assert (told.exit_code, told.stdout) == (2, "")
    assert "holds a judgement that this release cannot read" in told.stderr


def test_judged_crops_are_exported_with_an_index(tmp_path: Path) -> None:
    config = tmp_path / "edge.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    refused = run("export-crops", "--config", str(config), "--out", str(tmp_path / "out"))
    assert (refused.exit_code, "there is none yet" in refused.stderr) == (2, True)
    store = EdgeStore(tmp_path / "data", "00000000000000aa")
    for number in range(12):
        judgement = Judgement.CONFIRMED if number < 8 else Judgement.REJECTED
        Judgements(store).note(said(number, judgement, score=0.9 if number < 8 else 0.4), NOW)
    CropFolder(tmp_path / "data" / CROPS_FOLDER / "cam").keep("ep-0", b"picture")
    CropFolder(tmp_path / "data" / CROPS_FOLDER / "cam").keep("ep-11", b"another")
    assert len(verdicts_in(store._connection)) == 12
    store.close()
    done = run("export-crops", "--config", str(config), "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("2 of 12 judged reports have a picture")
    again = run("export-crops", "--config", str(config), "--out", str(tmp_path / "out"), "--lang", "zh-CN")
    assert again.stdout.startswith("12 条判定中有 2 条带图片")
    assert (tmp_path / "out" / "stay" / "confirmed" / "ep-0.jpg").read_bytes() == b"picture"
    assert (tmp_path / "out" / "stay" / "rejected" / "ep-11.jpg").read_bytes() == b"another"
    index = (tmp_path / "out" / "index.csv").read_text(encoding="utf-8").splitlines()
    assert len(index) == 3
    told = run("feedback", "--config", str(config))
    assert "cam z stay: 8 confirmed, 4 rejected, precision 67%" in told.stdout
    assert "too few" not in told.stdout
    assert "it would have avoided 4 of 4 rejected reports and lost 0 of 8 confirmed ones" in told.stdout
    assert (
        "`score_min: 0.9`；此前 4 条驳回中可避免 4 条"
        in run("feedback", "--config", str(config), "--lang", "zh-CN").stdout
    )
    assert episodes(applied(config, told.stdout), [0.4, 0.89, 0.9]) == [False, False, True]
    after = run("feedback", "--config", str(config)).stdout
    assert ("8 confirmed, 4 rejected" in after, "proposal" in after) == (True, False)
    (tmp_path / "data" / STORE_FILE).write_bytes(json.dumps({"no": "database"}).encode() * 100)
    broken = run("feedback", "--config", str(config))
    assert (broken.exit_code, "cannot be read" in broken.stderr) == (2, True)

"""`gridwarden central evaluate`: JSON alone on standard output, documents whole or not at all, mistakes told."""

import json
import os
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from central.cli import app
from tests.support.evaluation import COUNTY_2024, EXAMPLE_2026, HEAD, TREE, case_file
from tests.support.sources import REPOSITORY

EXAMPLE = REPOSITORY / "docs" / "examples" / "evaluation.yaml"


def said(*words: str, year: int = 2026, language: str = "en_GB.UTF-8") -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    ended = CliRunner().invoke(
        app, ["evaluate", "--year", str(year), *words, "--lang", language[:2].replace("zh", "zh-CN")]
    )
    return ended.exit_code, ended.stdout, ended.stderr


def test_documents_and_json_are_made_of_one_file_of_facts(tmp_path: Path) -> None:
    names = {name: tmp_path / name for name in ("r.docx", "r.html", "f.xlsx")}
    options = ("--out", str(names["r.docx"]), "--html", str(names["r.html"]), "--forms", str(names["f.xlsx"]))
    code, out, err = said("--facts", str(EXAMPLE), *options, "--json")
    assert code == 0
    told = json.loads(out)
    assert (told["total"], told["grade"], told["published"], told["hints"]) == (93.29, "优", None, [])
    assert set(told["indicators"][0]) == {"id", "path", "points", "score", "basis", "evidence"}
    assert "total 93.29, grade 优; hints: 0" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    assert zipfile.is_zipfile(names["r.docx"])
    assert zipfile.is_zipfile(names["f.xlsx"])


def test_the_county_gets_what_it_published() -> None:
    code, out, _ = said("--facts", str(case_file(COUNTY_2024)), "--json", year=2024)
    told = json.loads(out)
    assert (code, told["total"], told["grade"], told["published"]["equal"]) == (0, 94, "优", True)
    assert [one["score"] for one in told["indicators"]] == [15, 24, 28, 27]
    assert {one["basis"] for one in told["indicators"]} == {"taken over, nothing published below the first level"}
    assert any("监控在线率" in one["text"] for one in told["hints"] if one["id"] == "target_named_missing")


def test_the_example_year_adds_up(tmp_path: Path) -> None:
    code, out, _ = said("--facts", str(case_file(EXAMPLE_2026)), "--json", "--out", str(tmp_path / "r.docx"))
    told = json.loads(out)
    sums: dict[str, float] = {}
    for one in told["indicators"]:
        sums[one["path"][0]] = round(sums.get(one["path"][0], 0) + one["score"], 2)
    assert (code, told["total"], told["grade"]) == (0, 94.72, "优")
    assert sums == {"项目决策": 14, "项目管理": 24, "项目产出": 29.72, "项目效益": 27}


@pytest.mark.parametrize(
    ("change", "english", "chinese"),
    [
        (("points: 60", "points: 59"), "facts.yaml:8:1: index_tree: the points add up to 99", "分值合计 99，应为 100"),
        (("year: 2026", "year: x"), "facts.yaml:4:1: year: should be a whole number", "facts.yaml:4:1：year：应为整数"),
        (
            ("year: 2026", 'year: 2026\ntexts: {"\\e[1m{x}": x}'),
            "facts.yaml:5:9: texts.[1m{x}: there is no \\x1b[1m{x}; ",
            "texts.[1m{x}：没有 \\x1b[1m{x} 这一项",
        ),
    ],
)
def test_a_mistake_ends_with_a_sentence_and_writes_nothing(
    change: tuple[str, str], english: str, chinese: str, tmp_path: Path
) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text((HEAD + TREE).replace(*change), encoding="utf-8")
    words = ("--facts", str(file), "--out", str(tmp_path / "r.docx"), "--json")
    for language, sentence in (("en", english), ("zh", chinese)):
        code, out, err = said(*words, language=language)
        assert (code, out) == (2, "")
        assert sentence in err
    assert [path.name for path in tmp_path.iterdir()] == ["facts.yaml"]


def test_nothing_is_left_half_written_where_one_document_has_no_place(tmp_path: Path) -> None:
    out, html = tmp_path / "r.docx", tmp_path / "missing" / "r.html"
    code, _, err = said("--facts", str(EXAMPLE), "--out", str(out), "--html", str(html))
    assert (code, err.strip()) == (3, f"{html}: cannot be written: there is no such file or folder")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_or_a_device_is_left_as_it_is_and_nothing_is_written(tmp_path: Path) -> None:
    pipe, out = tmp_path / "pipe", tmp_path / "r.docx"
    os.mkfifo(pipe)
    (tmp_path / "folder").mkdir()
    for odd in (pipe, tmp_path / "folder"):
        code, _, err = said("--facts", str(EXAMPLE), "--out", str(out), "--html", str(odd))
        assert (code, err.strip()) == (2, f"{odd} is a folder or a device, nothing was written; name a file")
    assert pipe.is_fifo()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "pipe"]


def test_a_link_stays_and_what_it_names_is_written(tmp_path: Path) -> None:
    real, link = tmp_path / "real" / "r.docx", tmp_path / "r.docx"
    real.parent.mkdir()
    link.symlink_to(real)
    assert said("--facts", str(EXAMPLE), "--out", str(link))[0] == 0
    assert link.is_symlink()
    assert zipfile.is_zipfile(real)


def test_a_document_never_takes_the_place_of_the_facts(tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text(HEAD + TREE, encoding="utf-8")
    code, _, err = said("--facts", str(file), "--out", str(file))
    assert code == 2
    assert "is named twice" in err
    assert file.read_text(encoding="utf-8") == HEAD + TREE


def test_a_facts_file_is_begun_once_and_refused_until_it_is_filled_in(tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    code, out, _ = said("--start", "county", "--facts", str(file))
    assert (code, out.startswith(f"wrote {file}")) == (0, True)
    code, out, err = said("--facts", str(file), "--json")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert f"{file} is not filled in yet; still empty (null): 24, such as 21:73 index_tree.0.given, " in err
    assert (
        "还没有填完：24 处仍为空（null），例如 21:73 index_tree.0.given、"
        in said("--facts", str(file), "--json", language="zh")[2]
    )
    text = file.read_text(encoding="utf-8").replace("year: 2026\n", "year: x\n")
    file.write_text(text, encoding="utf-8")
    first, second = said("--facts", str(file), "--json")[2].splitlines()
    assert ("still empty (null): 24" in first, second) == (True, f"{file}:11:1: year: should be a whole number")
    code, _, err = said("--start", "county", "--facts", str(file))
    assert (code, "exists and was left as it is" in err) == (2, True)
    code, _, err = said("--start", "forest", "--facts", str(file))
    assert (code, err.strip()) == (
        2,
        "there is no tree forest; there are: county, self_evaluation, self_evaluation_cost, empty",
    )


def test_a_file_without_a_shipped_tree_is_begun_and_waits_for_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    assert said("--start", "empty", "--facts", str(file))[0] == 0
    code, _, err = said("--facts", str(file), "--json")
    assert (code, "is not filled in yet; still empty (null): 1, such as 20:1 index_tree;" in err) == (2, True)
    text = file.read_text(encoding="utf-8")
    head, _, lines = text.partition("index_tree:\n")
    written = lines.replace("  # ", "  ").replace("given: null", "given: 40")
    written = written.replace("assessor: null", "assessor: 专家组").replace("reason: null", "reason: 制度健全")
    file.write_text(f"{head}index_tree:\n{written}", encoding="utf-8")
    assert said("--facts", str(file), "--json")[0] == 0


def test_nothing_asked_is_told() -> None:
    assert said("--facts", str(EXAMPLE))[2].strip() == "nothing was asked for; give --out, --html, --forms or --json"

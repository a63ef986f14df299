"""`gridwarden central grid | components | units` import what a city has, or say everything that is wrong with it."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from central.cli import app
from tests.support.grids import CODES, square
from tests.support.sources import REPOSITORY

EXAMPLES = REPOSITORY / "docs" / "examples"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "central.yaml"
    file.write_text(f"data_dir: {tmp_path}\n")
    return file


def central(config: Path, *words: str, language: str = "zh_CN.UTF-8") -> tuple[int, str, str]:
    ended = CliRunner(env={"LC_ALL": language}).invoke(app, [*words, "--config", str(config)])
    return ended.exit_code, ended.stdout, ended.stderr


def written(config: Path, name: str, *features: object, **more: object) -> str:
    file = config.with_name(name)
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features} | more), encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("kind", "file", "crs", "count"),
    [
        ("grid", "grids.geojson", (), 2),
        ("components", "components.csv", ("--crs", "gcj02"), 3),
        ("units", "units.csv", ("--crs", "wgs84"), 3),
    ],
)
def test_examples_are_imported_and_listed(kind: str, file: str, crs: tuple[str, ...], count: int, config: Path) -> None:
    source = str(EXAMPLES / file)
    assert "没有写入" in central(config, kind, "import", source, *crs, "--dry-run")[1]
    assert central(config, kind, "list")[1].startswith("还没有")
    assert "已导入为第 1 版" in central(config, kind, "import", source, *crs)[1]
    lines = central(config, kind, "list", language="en_GB.UTF-8")[1].splitlines()
    assert len(lines) == count + 1
    assert lines[0].startswith("version 1")


def test_a_file_whose_name_is_no_text_is_imported_and_listed_in_one_line(config: Path) -> None:
    odd = config.parent / os.fsdecode(b"g\xff\x1b[31m\n.geojson")
    odd.write_bytes((EXAMPLES / "grids.geojson").read_bytes())
    assert central(config, "grid", "import", str(odd))[0] == 0
    listed = central(config, "grid", "list")[1].splitlines()
    assert "g [31m .geojson" in listed[0]
    assert len(listed) == 3


def test_overlapping_polygons_leave_what_was_there(config: Path) -> None:
    assert central(config, "grid", "import", str(EXAMPLES / "grids.geojson"))[0] == 0
    crossing = written(config, "g.geojson", square(CODES[0], 105.338), square(CODES[1], 105.3385))
    code, _, told = central(config, "grid", "import", crossing, "--crs", "wgs84")
    assert code == 2
    assert "1 处错误，什么也没有导入" in told
    assert CODES[0] in told
    assert CODES[1] in told
    assert central(config, "grid", "list")[1].startswith("第 1 版")


def test_points_are_components_too(config: Path) -> None:
    point = {"type": "Point", "coordinates": [105.338, 34.736]}
    feature = {"type": "Feature", "properties": {"部件标识码": "6205230150000001"}, "geometry": point}
    file = written(config, "c.geojson", feature)
    assert central(config, "components", "import", file, "--crs", "wgs84")[0] == 0
    assert "34.736000 105.338000" in central(config, "components", "list")[1]
    code, _, told = central(
        config, "components", "import", written(config, "c.json", feature, feature), "--crs", "wgs84"
    )
    assert (code, "在第 1 行已经出现" in told) == (2, True)


def test_what_no_database_keeps_is_left_out_of_names(config: Path) -> None:
    one = square(CODES[0], 105.338) | {"properties": {"code": CODES[0], "name": "一\x00号\ud800"}}
    assert central(config, "grid", "import", written(config, "g.geojson", one), "--crs", "wgs84")[0] == 0
    assert f"{CODES[0]}\t一 号" in central(config, "grid", "list")[1].replace("  ", "\t").splitlines()[1]
    point = {"type": "Point", "coordinates": [105.338, 34.736]}
    named = {"部件标识码": "6205230150000001", "部件名称": "井盖\x00\ud800"}
    feature = {"type": "Feature", "properties": named, "geometry": point}
    assert central(config, "components", "import", written(config, "c.geojson", feature), "--crs", "wgs84")[0] == 0
    assert "井盖" in central(config, "components", "list")[1]


@pytest.mark.parametrize(
    ("content", "crs", "said"),
    [
        ("{", "wgs84", "不是 UTF-8 的 JSON"),
        ("[" * 100_000, "wgs84", "不是 UTF-8 的 JSON"),
        ("[]", "wgs84", "FeatureCollection"),
        ('{"features": [1]}', "wgs84", "FeatureCollection"),
        ('{"features": []}', "wgs84", "没有任何单元网格"),
        ('{"features": []}', None, "--crs"),
        ('{"features": [], "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}}', "gcj02", "请只留一个"),
        ('{"features": [], "crs": {"properties": {"name": "EPSG:4527"}}}', None, "请转换为"),
    ],
)
def test_files_that_are_no_grids(content: str, crs: str | None, said: str, config: Path) -> None:
    file = config.with_name("x.geojson")
    file.write_text(content)
    code, _, told = central(config, "grid", "import", str(file), *(("--crs", crs) if crs else ()))
    assert (code, said in told.replace("\n", " ")) == (2, True), told


def test_a_table_without_a_coordinate_system_is_refused(config: Path) -> None:
    code, _, told = central(config, "units", "import", str(EXAMPLES / "units.csv"))
    assert (code, "--crs" in told) == (2, True)
    assert central(config, "grid", "import", str(config.with_name("no.geojson")), "--crs", "wgs84")[0] == 2

"""What a measured figure is the sum of, in words: numbers after the formula, platform in words, nobody named."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from central.core.kpis import COUNTERS, INDICATORS, Part, PartKind, Reading, measured_of
from central.services.figures.kpis import Outlook
from central.settings.texts import load_texts
from central.web.figures.summands import part_address, part_names, part_words, sheet_cells, sheet_names
from central.web.figures.wording import line_of
from protocol.texts import Language

ZH = load_texts(Language.CHINESE)
ZONE = ZoneInfo("Asia/Shanghai")
ONLINE, FALLS = INDICATORS["camera_online_rate"], INDICATORS["platform_mttr"]
CAMERA = Part(PartKind.CAMERA, "b1.cam-1", 1_800, 3_600, 900)


def test_columns_are_called_after_the_formula() -> None:
    assert part_names(ONLINE, ZH) == ["种类", "名称", "在线时长", "应在线时长", "其中未知", "开始", "结束"]
    sheet = ["种类", "名称", "在线时长（秒）", "应在线时长（秒）", "其中未知（秒）", "开始", "结束"]
    assert sheet_names(ONLINE, ZH) == sheet
    assert sheet_names(FALLS, ZH)[2:5] == ["停机时长（秒）", "停机次数", "其中未知"]


def test_a_camera_and_a_fall() -> None:
    said = ["摄像机", "b1.cam-1", "30.0 分钟", "1.00 小时", "15.0 分钟", "", ""]
    assert part_words(CAMERA, ONLINE, ZH, ZONE) == said
    assert sheet_cells(CAMERA, ZH, ZONE) == ["摄像机", "b1.cam-1", "1800", "3600", "900", "", ""]
    begin = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
    fall = Part(PartKind.OUTAGE, "platform", 7_200, 1, begin=begin)
    assert part_words(fall, FALLS, ZH, ZONE) == ["中断", "停机", "2.00 小时", "1", "", "2026-03-02 00:30:00", ""]


@pytest.mark.parametrize(
    ("part", "figure", "name", "address"),
    [
        (Part(PartKind.SHIFT, "seat-3", 0, 3_600, note="wang"), "seat_usage", "seat-3", ""),
        (Part(PartKind.CASE, "c-1", 1, 0, note="3-17"), "missed_report_rate", "3-17", "c-1"),
        (Part(PartKind.CASE, "c-2", 1, 1, note="3-18 b1.cam-1 z1"), "field_recall", "3-18", "c-2"),
        (Part(PartKind.INSIDE, "closed", 0, 9), "cost_per_closed_case", COUNTERS["closed"].names.zh, ""),
        (Part(PartKind.OUTSIDE, "closed", 0, 9), "case_usage", "closed", ""),
    ],
)
def test_a_row_is_named_by_what_people_know_and_no_person_is(part: Part, figure: str, name: str, address: str) -> None:
    for said in (part_words(part, INDICATORS[figure], ZH, ZONE), sheet_cells(part, ZH, ZONE)):
        assert said[1] == name
        assert "wang" not in " ".join(said)
    assert part_address(part, ZH) == (address and f"/ui/zh-CN?case={address}")


@pytest.mark.parametrize("kind", list(PartKind))
def test_every_kind_has_a_word(kind: PartKind) -> None:
    assert f"figures_kind.{kind}" in ZH.entries


def test_a_measured_figure_stands_with_its_sums_and_bounds() -> None:
    line = line_of(Outlook(measured_of(ONLINE, Reading([CAMERA])), ()), ZH)
    assert (line.value, line.numbers) == ("50.00%", "0.5 / 1.0 小时")
    assert "50.00%（未知计为否）- 66.67%（未知不计）；最高可能 75.00%" in line.notes

"""Figures in words: no number where there is none, better and worse by word and sign, absolute numbers always."""

import pytest

from central.cli.figures.kpis import kpi_text
from central.core.kpis import INDICATORS, Beside, Figure, Target, Unit, against_plan, compared, duration_of, figure_of
from central.services.figures.group_words import group_words
from central.services.figures.kpis import Outlook
from central.settings.model import PublishingSettings
from central.settings.texts import load_texts
from central.web.figures.view import Preset
from central.web.figures.wording import (
    NOTHING,
    Tone,
    group_names,
    line_of,
    period_words,
    shown_sides,
    side_of,
    unpublished_words,
    value_words,
)
from protocol.texts import Language
from tests.unit.central.web.test_figures_view import NOW, ZONE

ZH, EN = load_texts(Language.CHINESE), load_texts(Language.ENGLISH)


def closing(hits: int, total: int) -> Figure:
    return figure_of(INDICATORS["closing_rate"], {"closed": hits, "to_close": total})


def test_a_share_stands_with_its_numbers_and_its_interval() -> None:
    line = line_of(Outlook(closing(911, 972), ()), ZH)
    assert (line.name, line.value, line.numbers, line.reason) == ("结案率", "93.72%", "911 / 972", "")
    assert line.interval == "95% 区间 92.02% 至 95.08%"
    assert line.notes == ()
    assert line.share == pytest.approx(911 / 972)


def test_a_value_just_below_its_plan_is_not_written_like_it() -> None:
    plan = Target("closing_rate", 0.95, "局长", NOW.date(), "计划")
    figure = closing(949_996, 1_000_000)
    line = line_of(Outlook(figure, (against_plan(figure, plan),)), ZH)
    assert (line.value, line.sides[0].other, line.sides[0].change) == ("94.9996%", "95.00%", "−0.0004 个百分点")
    (said, *_, beside) = kpi_text(Outlook(figure, (against_plan(figure, plan),)), Language.ENGLISH).splitlines()
    assert said == "closing rate 94.9996%"
    assert "plan: 95.00%, −0.0004 points (worse)" in beside


@pytest.mark.parametrize(
    ("publishing", "zh", "en"),
    [
        ({}, "每月 3 日 6 时自动发布上月", "on day 3 of the month at 6:00"),
        ({"day": 5, "hour": 18}, "每月 5 日 18 时自动发布上月", "on day 5 of the month at 18:00"),
        ({"automatic": False}, "自动发布已关闭", "none is by itself"),
    ],
)
def test_when_months_are_published_is_told_by_the_settings(publishing: dict[str, int], zh: str, en: str) -> None:
    terms = PublishingSettings.model_validate(publishing).terms(ZONE)
    assert zh in unpublished_words(terms, ZH)
    assert en in unpublished_words(terms, EN)


def test_nothing_to_divide_is_a_dash_and_the_reason() -> None:
    for texts, said in ((ZH, "应结案数为0"), (EN, "nothing to divide")):
        line = line_of(Outlook(closing(0, 0), ()), texts)
        assert (line.value, line.numbers, line.interval, line.share) == (NOTHING, "", "", None)
        assert said in line.reason


def test_a_small_sample_is_told() -> None:
    assert line_of(Outlook(closing(3, 3), ()), EN).notes == ("⚠ sample below 30: not to be relied on",)
    assert line_of(Outlook(closing(3, 3), ()), ZH).value == "100.00%"


def test_a_name_begins_a_line() -> None:
    assert line_of(Outlook(closing(3, 3), ()), EN).name == "Closing rate"


def test_a_duration_tells_how_its_cases_lie_and_those_still_open() -> None:
    seconds = [3_600, 7_200, 10_800]
    figure = duration_of(INDICATORS["handling_time"], seconds, [86_400], {"suspended": 2, "gone": 0})
    line = line_of(Outlook(figure, ()), EN)
    assert (line.value, line.numbers) == ("2.00 h", "cases: 3")
    assert line.notes == (
        "⚠ sample below 30: not to be relied on",
        "median 2.00 h, 90% within 3.00 h, 66.67% within 2 h",
        "1 more are open, for 1 d 0 h on average",
        "apart: 2 were suspended",
    )
    assert "  apart: 2 were suspended" in kpi_text(Outlook(figure, ()), Language.ENGLISH).splitlines()
    assert "  另计：挂账数 2 件" in kpi_text(Outlook(figure, ()), Language.CHINESE).splitlines()


@pytest.mark.parametrize(
    ("now", "before", "change", "verdict", "tone"),
    [
        ((8, 10), 0.7, "+10.00 个百分点", "变好", Tone.BETTER),
        ((6, 10), 0.7, "−10.00 个百分点", "变差", Tone.WORSE),
        ((7, 10), 0.7, "±0.00 个百分点", "持平", Tone.SAME),
        ((0, 0), 0.7, "", "", Tone.NONE),
    ],
)
def test_the_last_period_by_sign_and_word(
    now: tuple[int, int], before: float, change: str, verdict: str, tone: Tone
) -> None:
    side = side_of(compared(closing(*now), Beside.LAST_PERIOD, before), Unit.RATIO, ZH)
    assert (side.other, side.change, side.verdict, side.tone) == ("70.00%", change, verdict, tone)


def test_lower_is_better_for_a_duration() -> None:
    figure = duration_of(INDICATORS["handling_time"], [3_600], [], {})
    side = side_of(compared(figure, Beside.LAST_YEAR, 7_200.0), Unit.SECONDS, EN)
    assert (side.change, side.verdict) == ("−1.00 h", "better")


def test_a_plan_is_met_or_missed() -> None:
    target = Target("closing_rate", 0.9, "office", NOW.date(), "yearly plan")
    told = [side_of(against_plan(closing(hits, 10), target), Unit.RATIO, EN).verdict for hits in (8, 9, 10)]
    assert told == ["missed", "met", "met"]


def test_a_plan_says_who_stands_for_it_since_when_and_why() -> None:
    target = Target("closing_rate", 0.9, "office", NOW.date(), "yearly plan")
    told = [side_of(against_plan(closing(*now), target), Unit.RATIO, EN).basis for now in ((9, 10), (0, 0))]
    assert told == [f"office, since {NOW.date()}: yearly plan"] * 2
    assert not side_of(compared(closing(9, 10), Beside.LAST_YEAR, 0.8), Unit.RATIO, EN).basis


def test_columns_without_anything_are_left_out() -> None:
    target = Target("closing_rate", 0.9, "office", NOW.date(), "yearly plan")
    bare = Outlook(closing(8, 10), (against_plan(closing(8, 10), None),))
    planned = Outlook(closing(8, 10), (against_plan(closing(8, 10), target),))
    always = {Beside.LAST_PERIOD, Beside.LAST_YEAR}
    assert shown_sides([line_of(bare, EN)]) == always
    assert shown_sides([line_of(bare, EN), line_of(planned, EN)]) == always | {Beside.PLAN}


def test_values_by_their_unit() -> None:
    assert value_words(None, Unit.RATIO, EN) == NOTHING
    assert value_words(12_345.6, Unit.MONEY, ZH) == "12,345.60 元"
    assert value_words(82.5, Unit.POINTS, EN) == "82.50"


@pytest.mark.parametrize(
    ("preset", "zh", "en"),
    [
        (Preset.THIS_MONTH, "2026年12月", "2026-12"),
        (Preset.LAST_QUARTER, "2026年第3季度", "Q3 2026"),
        (Preset.LAST_YEAR, "2025年", "2025"),
        (Preset.THIS_WEEK, "2026-11-30 至 2026-12-06", "2026-11-30 to 2026-12-06"),
    ],
)
def test_periods_as_people_call_them(preset: Preset, zh: str, en: str) -> None:
    period = preset.period(NOW.astimezone(ZONE).date(), ZONE)
    assert (period_words(period, ZH), period_words(period, EN)) == (zh, en)


def test_groups_as_people_call_them() -> None:
    assert group_words("source", "hotline", ZH) == "热线"
    assert group_words("unit", "环卫站", EN) == "环卫站"
    assert group_words("unit", "", EN) == "(not given)"
    assert group_words("unit", "sanitation", ZH, "环卫所") == "环卫所（sanitation）"
    assert group_words("phase", "trial", ZH) == "试运行"


def test_every_group_by_which_a_figure_is_told_apart_has_a_name() -> None:
    for figure in INDICATORS:
        for texts in (ZH, EN):
            assert [name for name, said in group_names(figure, texts).items() if name == said and texts is ZH] == []
            assert [name for name in group_names(figure, texts) if f"figures_by.{name}" not in texts.entries] == []


def test_a_change_of_what_is_better_neither_way_stands_without_a_verdict() -> None:
    share = figure_of(INDICATORS["public_report_rate"], {"registered": 10, "registered_public": 3})
    side = side_of(compared(share, Beside.LAST_PERIOD, 0.2), Unit.RATIO, ZH)
    assert (side.change, side.verdict, side.tone) == ("+10.00 个百分点", "", Tone.NONE)
    assert side_of(compared(share, Beside.LAST_PERIOD, 0.3), Unit.RATIO, ZH).tone is Tone.SAME

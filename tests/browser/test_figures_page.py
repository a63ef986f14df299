"""The figures page in a real browser: what stands there, what opens, what an address says, small and dark screens."""

import csv
import io
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from central.core.kpis import Figure, Period, Target
from central.core.kpis.composites import shown
from central.core.values import Role
from central.stores.ports import Asked, PageRequest
from central.web.figures.view import Preset
from tests.browser.conftest import PATIENCE_MS, House, Seat, serving
from tests.support.central_stores import OPERATOR
from tests.support.figures_city import fill, watch
from tests.support.processes import processes_in

pytestmark = pytest.mark.browser

OpenSeat = Callable[..., Seat]
ZONE = ZoneInfo("Asia/Shanghai")
FEW = PageRequest(20)
READ = """() => document.querySelector('.gw-part') && !document.querySelector('.gw-wait:not(.gw-hidden)')"""
NAMES = """() => [...document.querySelectorAll('a, button, input, select, table, svg')]
  .filter(one => one.offsetParent !== null || one.tagName === 'svg')
  .filter(one => !(one.innerText || one.textContent || one.getAttribute('aria-label') || one.labels?.length
    || one.querySelector?.('caption') || one.type === 'hidden')).map(one => one.outerHTML)"""
DOUBLE_IDS = """() => { const ids = [...document.querySelectorAll('[id]')].map(one => one.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at); }"""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return a served city with cases of fourteen months and cameras that failed."""
    folder = tmp_path_factory.mktemp("city")
    with processes_in(folder / "processes") as start, serving(folder / "data", start) as house:
        fill(house.office, count=2_000)
        watch(house.office)
        yield house


def last_month(house: House) -> Period:
    return Preset.LAST_MONTH.period(house.office.now().astimezone(ZONE).date(), ZONE)


def closing(house: House) -> Figure:
    return house.office.services.kpis.figure("closing_rate", last_month(house), house.office.now())


def change_rework(house: House) -> None:
    """Let a case of last month have been sent back, as becomes known now."""
    page = house.office.services.kpis.rows("rework_rate", Asked(last_month(house), house.office.now()), None, FEW)
    fact = next(one.fact for one in page.items if not one.fact.is_reworked)
    with house.office.stores.writing() as unit:
        unit.facts.save([replace(fact, is_reworked=True)])


def go(seat: Seat, query: str, language: str = "zh-CN") -> Page:
    """Go to the page and wait until all of it has been read."""
    seat.page.goto(f"{seat.url}/ui/{language}/figures?{query}")
    seat.page.wait_for_function(READ)
    return seat.page


def test_from_the_seat_to_all_figures(city: House, open_seat: OpenSeat) -> None:
    seat = open_seat(city, Role.VIEWER)
    seat.page.click(".gw-ways")
    seat.page.wait_for_function(READ)
    expect(seat.page.get_by_role("heading", level=1)).to_have_text("运行指标")
    page = go(seat, "period=last_month")
    figure = closing(city)
    head = page.locator(".gw-head", has_text=re.compile("^结案率"))
    expect(head.locator(".gw-head__value")).to_have_text(f"{figure.value:.2%}")
    expect(head.locator(".gw-head__numbers")).to_have_text(f"{figure.hits} / {figure.total}")
    subjects = page.locator(".gw-subject__title").all_inner_texts()
    assert subjects[:5] == ["上报与立案", "派遣", "处置", "核查", "结案"]
    row = page.get_by_role("row", name=re.compile("^满意度"))
    expect(row).to_contain_text("这一时段没有市民满意度调查")
    expect(row).not_to_contain_text("100")
    expect(page.locator(".gw-part--part_devices")).to_contain_text("至少恢复 1 台才达标")
    expect(page.locator(".gw-table--trouble")).to_contain_text("box-01.cam-")
    assert (seat.complaints, seat.outside) == ([], [])


def test_a_figure_opens_to_its_definition_its_months_and_its_cases(city: House, open_seat: OpenSeat) -> None:
    seat = open_seat(city)
    page = go(seat, "period=last_month")
    page.locator(".gw-head").get_by_role("link", name="结案率", exact=True).click()
    page.wait_for_function(READ)
    expect(page.get_by_role("heading", level=1)).to_have_text("结案率")
    expect(page.locator(".gw-definition")).to_contain_text("结案数 / 应结案数")
    expect(page.locator(".gw-definition")).to_contain_text("to_close")
    expect(page.get_by_role("img", name=re.compile("近 12 个月折线图"))).to_be_visible()
    figure = closing(city)
    expect(page.locator(".gw-pager")).to_contain_text(f"第 1 至 20 件，共 {figure.total} 件")
    rows = page.locator(".gw-table--rows tbody tr")
    expect(rows).to_have_count(20)
    first = rows.first.locator("th").inner_text()
    page.get_by_role("button", name="下一页").click()
    expect(page.locator(".gw-pager")).to_contain_text("第 21 至 40 件")
    expect(rows.first.locator("th")).not_to_have_text(first)
    page.get_by_role("button", name="上一页").click()
    expect(rows.first.locator("th")).to_have_text(first)
    rows.first.locator("a").click()
    seat.wait_for_figures()
    expect(page.locator(".gw-evidence")).to_contain_text(first)
    assert (seat.complaints, seat.outside) == ([], [])


def test_all_rows_are_taken_away_as_a_table(city: House, open_seat: OpenSeat) -> None:
    seat = open_seat(city)
    page = go(seat, "period=last_month&figure=closing_rate")
    with page.expect_download() as started:
        page.get_by_role("link", name="下载 CSV").click()
    path = started.value.path()
    data = Path(path).read_bytes()
    found = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert (data[:3], len(found)) == (b"\xef\xbb\xbf", closing(city).total)


def test_a_sent_address_shows_the_same_to_whoever_signs_in(city: House, open_seat: OpenSeat) -> None:
    seat = open_seat(city, None)
    view = "from=2026-09-01&last=2026-09-30&figure=closing_rate&group_by=source&group=hotline"
    seat.page.goto(f"{city.url}/ui/zh-CN/figures?{view}")
    seat.page.fill("#gw-token", city.office.tokens[Role.OPERATOR])
    seat.page.press("#gw-token", "Enter")
    seat.page.wait_for_function(READ)
    assert seat.page.url == f"{city.url}/ui/zh-CN/figures?{view}"
    expect(seat.page.locator(".gw-chosen")).to_contain_text("只看来源：热线")
    sources = seat.page.locator(".gw-table--rows td[data-label=来源]").all_inner_texts()
    assert set(sources) <= {"热线"}
    seat.page.click("text=English")
    seat.page.wait_for_function(READ)
    assert seat.page.url == f"{city.url}/ui/en/figures?{view}"
    expect(seat.page.locator(".gw-chosen")).to_contain_text("Only source: Hotline")


def test_any_days_and_groups_are_chosen_by_keyboard(city: House, open_seat: OpenSeat) -> None:
    seat = open_seat(city)
    page = go(seat, "period=last_month&figure=closing_rate")
    page.keyboard.press("Tab")
    expect(page.locator(".gw-skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#gw-figures")).to_be_focused()
    page.get_by_label("按", exact=True).select_option("unit")
    page.locator(".gw-part--groups button").press("Enter")
    page.wait_for_url("**group_by=unit*")
    page.wait_for_function(READ)
    expect(page.locator(".gw-table--groups tbody tr").first).to_be_visible()
    page.locator("#gw-from").fill("2026-05-01")
    page.locator("#gw-last").fill("2026-05-31")
    page.locator("#gw-last").press("Enter")
    page.wait_for_url("**from=2026-05-01&last=2026-05-31*")
    page.wait_for_function(READ)
    expect(page.locator(".gw-chooser__period")).to_have_text("2026年5月")
    assert "group_by=unit" in page.url
    page.get_by_role("link", name="上一时段").press("Enter")
    page.wait_for_url("**from=2026-04-01&last=2026-04-30*")
    page.go_back()
    page.wait_for_url("**from=2026-05-01*")


def test_a_wrong_address_is_told_in_words(city: House, open_seat: OpenSeat) -> None:
    page = go(open_seat(city), "from=2026-13-01&last=x")
    expect(page.get_by_role("alert").first).to_contain_text("地址中的时段无效")
    page = go(Seat(page, city.url), "figure=nope", "en")
    expect(page.get_by_role("alert").first).to_contain_text("There is no such figure")


def test_a_period_without_a_case_says_so(city: House, open_seat: OpenSeat) -> None:
    page = go(open_seat(city), "from=2020-01-01&last=2020-01-31&figure=closing_rate")
    expect(page.locator(".gw-one .gw-value__main")).to_have_text("–")
    expect(page.locator(".gw-one")).to_contain_text("应结案数为0")
    expect(page.locator(".gw-part--rows")).to_contain_text("这一时段没有相应的案件")
    expect(page.get_by_role("link", name="下载 CSV")).to_be_hidden()


def test_a_figure_without_records_opens_too(city: House, open_seat: OpenSeat) -> None:
    page = go(open_seat(city), "period=last_month&figure=satisfaction")
    expect(page.locator(".gw-one .gw-value__main")).to_have_text("–")
    expect(page.locator(".gw-part--groups")).to_contain_text("该指标不分组")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("zh-CN", 360), ("en", 360), ("zh-CN", 1440), ("en", 1440)])
def test_nothing_is_wider_than_the_page_and_everything_has_a_name(
    city: House, browser: Browser, language: str, width: int, theme: str
) -> None:
    context = browser.new_context(locale=language, viewport={"width": width, "height": 800}, color_scheme=theme)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    seat = Seat(context.new_page(), city.url)
    seat.watch()
    seat.sign_in(city.office.tokens[Role.OPERATOR])
    seat.complaints.clear()
    queries = (
        "period=last_month",
        "period=this_year&figure=handling_time&group_by=unit",
        "period=last_month&show=scores",
        "show=months",
    )
    for query in queries:
        page = go(seat, query, language)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.evaluate(NAMES) == []
        assert page.evaluate(DOUBLE_IDS) == []
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == ("rgb(12, 21, 33)" if theme == "dark" else "rgb(238, 241, 245)")
    assert (seat.complaints, seat.outside) == ([], [])
    context.close()


def test_on_paper_there_are_figures_and_nothing_to_press(city: House, open_seat: OpenSeat) -> None:
    page = go(open_seat(city), "period=last_month")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".gw-days")).to_be_hidden()
    expect(page.locator(".gw-header")).to_be_hidden()
    expect(page.locator(".gw-table--figures").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(23, 35, 52)"


def test_scores_are_ranked_and_open_to_their_figures(city: House, open_seat: OpenSeat) -> None:
    seat = open_seat(city)
    page = go(seat, "period=last_month")
    page.get_by_role("link", name="综合评价").click()
    page.wait_for_function(READ)
    expect(page.get_by_role("heading", level=1)).to_have_text("综合评价")
    found = city.office.services.scores.score("department", last_month(city), city.office.now())
    best = found.scores[0]
    assert best.composite.points is not None
    assert best.composite.band is not None
    row = page.locator(".gw-part--score-department tbody tr").first
    expect(row.locator("th")).to_have_text(best.composite.group)
    expect(row).to_contain_text(str(shown(best.composite.points)))
    expect(row.locator(".gw-grade")).to_have_text(f"{best.composite.band.grade} {best.composite.band.colour.zh}")
    posts = page.locator(".gw-part--score-dispatcher tbody th")
    expect(posts.first).to_have_text("全部人员")
    lacking = page.locator(".gw-part--score-acceptor")
    expect(lacking).to_contain_text("缺少以下部分，不计分")
    expect(lacking.locator(".gw-grade")).to_have_count(0)
    row.locator("td[data-label^=结案率] a").click()
    page.wait_for_function(READ)
    expect(page.locator(".gw-chosen")).to_contain_text(best.composite.group)
    assert (seat.complaints, seat.outside) == ([], [])


def test_published_months_are_listed_and_opened_as_they_were_sealed(city: House, open_seat: OpenSeat) -> None:
    seat = open_seat(city)
    page = go(seat, "show=months")
    expect(page.get_by_text("还没有发布任何月份")).to_be_visible()
    month = f"{last_month(city).begin.astimezone(ZONE):%Y-%m}"
    made = city.office.services.publishing.publish(month, "王芳", city.office.now()).snapshot
    page = go(seat, "show=months")
    row = page.locator(".gw-table--published tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("王芳")
    expect(row).to_contain_text(made.seal[:16])
    row.get_by_role("link", name=month).click()
    page.wait_for_function(READ)
    sealed = next(one for one in made.figures if (one.indicator, one.group) == ("closing_rate", ""))
    line = page.locator(".gw-table--city").get_by_role("row", name=re.compile("^结案率"))
    expect(line).to_contain_text(f"{sealed.value:.2%} ({sealed.hits} / {sealed.total})")
    survey = page.locator(".gw-table--city").get_by_role("row", name=re.compile("^满意度"))
    expect(survey).to_contain_text("这一时段没有市民满意度调查")
    expect(page.locator(".gw-seal")).to_contain_text(made.seal)
    expect(page.get_by_text("首次发布，没有上一版")).to_be_visible()
    change_rework(city)
    second = city.office.services.publishing.publish(month, "李强", city.office.now())
    assert (second.is_new, second.snapshot.revision) == (True, 2)
    page = go(seat, "show=months")
    expect(row).to_have_count(2)
    page.get_by_role("link", name=f"{month} 第 2 版").click()
    page.wait_for_function(READ)
    expect(page.locator(".gw-lines")).to_contain_text("返工率（全市）")
    expect(page.locator(".gw-part--part_month .gw-subject__title").nth(1)).to_have_text("上报与立案")
    page.get_by_role("link", name=f"{month} 第 1 版").click()
    page.wait_for_function(READ)
    expect(page.locator(".gw-seal")).to_contain_text(made.seal)
    expect(page.locator(".gw-lines")).to_have_count(0)
    page = go(seat, f"show=months&month={month}&revision=9")
    expect(page.get_by_text("这个月没有发布过这一版")).to_be_visible()
    assert (seat.complaints, seat.outside) == ([], [])


def test_times_are_told_in_hours_and_taken_away_in_seconds(city: House, open_seat: OpenSeat) -> None:
    page = go(open_seat(city), "period=last_month&figure=camera_online_rate")
    expect(page.locator(".gw-table--parts td[data-label=在线时长]").first).to_contain_text("小时")
    with page.expect_download() as started:
        page.get_by_role("link", name="下载 CSV").click()
    found = list(csv.DictReader(io.StringIO(Path(started.value.path()).read_text("utf-8-sig"))))
    assert all(float(one["应在线时长（秒）"]) > 0 for one in found)
    page = go(Seat(page, city.url), "period=last_month&figure=handling_time")
    expect(page.locator(".gw-one .gw-value__main")).to_have_text(re.compile(r"^\d+\.\d\d 小时$"))


@pytest.mark.parametrize(("role", "named"), [(Role.SUPERVISOR, {"赵敏"}), (Role.VIEWER, set())])
def test_persons_of_a_post_are_named_to_those_who_may_plan(
    city: House, open_seat: OpenSeat, role: Role, named: set[str]
) -> None:
    asked = Asked(last_month(city), city.office.now())
    fact = city.office.services.kpis.rows("dispatch_accuracy", asked, None, FEW).items[0].fact
    with city.office.stores.writing() as unit:
        unit.facts.save([replace(fact, dispatched_by="赵敏")])
    page = go(open_seat(city, role), "period=last_month&show=scores")
    whom = page.locator(".gw-part--score-dispatcher tbody th")
    expect(whom.first).to_have_text("全部人员")
    assert {"赵敏"} & set(whom.all_inner_texts()) == named


def test_the_rest_of_a_ranking_is_told_on_paper(city: House, open_seat: OpenSeat) -> None:
    page = go(open_seat(city), "period=last_month&show=scores")
    page.emulate_media(media="print")
    rest = page.locator(".gw-part--score-region_1 summary")
    expect(rest).to_be_visible()


def test_a_plan_of_a_group_stands_beside_the_group(city: House, open_seat: OpenSeat) -> None:
    services, period = city.office.services, last_month(city)
    group = services.kpis.grouped("closing_rate", period, city.office.now(), "unit")[-1].group
    since = period.begin.astimezone(ZONE).date()
    target = Target("closing_rate", 1.0, "局长", since, "上年未达到", group=f"unit={group}")
    services.kpi_targets.say([target], OPERATOR, city.office.now())
    page = go(open_seat(city), "period=last_month&figure=closing_rate&group_by=unit")
    row = page.locator(".gw-table--groups tbody tr", has=page.get_by_role("rowheader", name=group, exact=True))
    expect(row.locator("td[data-label=比计划]")).to_contain_text("100.00%")
    row.get_by_role("link", name=group).click()
    page.wait_for_function(READ)
    plan = page.locator(".gw-one__side", has_text="比计划")
    expect(plan).to_contain_text("100.00%")
    expect(plan).to_contain_text("局长")
    expect(page.get_by_text("虚线：计划值")).to_be_visible()


def test_whoever_may_not_look_any_more_sees_the_door(city: House, open_seat: OpenSeat) -> None:
    access = city.office.services.access
    token = access.add_actor("guest", Role.VIEWER, city.office.now(), secrets.token_bytes)
    seat = open_seat(city, None)
    seat.sign_in(token)
    page = go(seat, "period=last_month&figure=closing_rate")
    access.revoke("guest")
    page.get_by_role("button", name="下一页").click()
    page.wait_for_url("**/ui/sign-in?lang=*")


def test_a_store_that_cannot_be_read_is_told_in_words(city: House, open_seat: OpenSeat) -> None:
    """Runs last: it takes the facts away."""
    seat = open_seat(city)
    path = city.office.settings.data_dir / "central.db"
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE case_facts RENAME TO facts_away")
    connection.close()
    try:
        page = go(seat, "period=last_month")
        expect(page.locator(".gw-part--part_figures [role=alert]")).to_be_visible()
        expect(page.locator(".gw-part--part_devices")).to_contain_text("在线率")
    finally:
        with sqlite3.connect(path) as connection:
            connection.execute("ALTER TABLE facts_away RENAME TO case_facts")
        connection.close()


def test_a_plan_says_who_stands_for_it_since_when_and_why(city: House, open_seat: OpenSeat) -> None:
    first = last_month(city).begin.astimezone(ZONE).date()
    target = Target("valid_report_rate", 0.9, "县城管局", first, "年度目标")
    office = city.office
    office.services.kpi_targets.say([target], OPERATOR, office.now())
    page = go(open_seat(city), "figure=valid_report_rate&period=last_month")
    expect(page.locator(".gw-side__basis")).to_have_text(f"县城管局自{first}起：年度目标")

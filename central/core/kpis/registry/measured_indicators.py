"""The part of the registry that is measured from other records than cases."""

from central.core.kpis.registry.definitions import Better, Confidence, Indicator, Unit
from central.core.kpis.registry.formulas import Measure, Measured
from central.core.kpis.registry.subjects import Subject
from protocol.texts import Words

_B, _C, _P = Confidence.VENDOR, Confidence.PRACTICE, Confidence.OURS
_LOW = Better.LOWER
_DEVICES = ("camera", "box", "vendor")
_ONLINE, _REQUIRED = ("在线时长", "time online"), ("应在线时长", "time required")
_FALLS = ("停机次数", "falls")
_OVER_TIME = {Measure.ONLINE_TIME, Measure.INTACT_TIME, Measure.PLATFORM_TIME, Measure.SEAT_HOURS}
_OF_TIME = _OVER_TIME | {
    Measure.CAMERA_FAILURES,
    Measure.CAMERA_REPAIRS,
    Measure.PLATFORM_FALLS,
    Measure.PLATFORM_REPAIRS,
}


def _measured(  # noqa: PLR0913 - one row of the table
    name: str,
    names: tuple[str, str],
    by: Measure,
    divided: tuple[tuple[str, str], tuple[str, str]],
    source: tuple[str, Confidence],
    *,
    about: Subject,
    unit: Unit = Unit.RATIO,
    better: Better = Better.HIGHER,
    groups: tuple[str, ...] = (),
    minimum_sample: int = 1,
    is_share: bool = False,
    is_bounded: bool = False,
    note: tuple[str, str] | None = None,
) -> Indicator:
    hits, total = (Words(*words) for words in divided)
    formula = Measured(
        by, hits, total, groups, is_share=is_share, is_bounded=is_bounded,
        hits_in_s=by in _OF_TIME, total_in_s=by in _OVER_TIME,
    )  # fmt: skip
    noted = Words(*note) if note is not None else None
    return Indicator(name, Words(*names), about, formula, *source, unit, better, minimum_sample, note=noted)


MEASURED = (
    _measured("camera_online_snapshot", ("在线率（期末时点）", "cameras online at the end"), Measure.ONLINE_AT_END,
              (("在线摄像机数", "cameras online"), ("摄像机数", "cameras")), ("C", _C),
              about=Subject.DEVICES, groups=_DEVICES,
              is_share=True, is_bounded=True),
    _measured("camera_online_rate", ("在线率", "camera online rate"), Measure.ONLINE_TIME, (_ONLINE, _REQUIRED),
              ("C", _C), about=Subject.DEVICES, groups=_DEVICES, is_bounded=True,
              note=("数值为下限（未知计为离线），与目标比较；上限不计未知；计划检修与试运行不计入",
                    "the value is the lower bound, unknown as offline; without planned work and trial operation")),
    _measured("camera_intact_rate", ("完好率", "camera intact rate"), Measure.INTACT_TIME,
              (("在线且画面完好时长", "time online with a good picture"), _REQUIRED), ("C", _C),
              about=Subject.DEVICES, groups=_DEVICES,
              is_bounded=True),
    _measured("camera_mtbf", ("摄像机平均无故障运行时间", "MTBF of cameras"), Measure.CAMERA_FAILURES,
              (("运行时长", "time of running"), ("故障次数", "failures")), ("C", _C),
              about=Subject.DEVICES, unit=Unit.SECONDS,
              groups=_DEVICES),
    _measured("camera_mttr", ("摄像机平均修复时间", "MTTR of cameras"), Measure.CAMERA_REPAIRS,
              (("已修复故障时长", "time of repaired failures"), ("修复次数", "repairs")), ("C", _C),
              about=Subject.DEVICES,
              unit=Unit.SECONDS, better=_LOW, groups=_DEVICES),
    _measured("platform_availability", ("系统可用率", "availability of the platform"), Measure.PLATFORM_TIME,
              (("可用时长", "time up"), ("应可用时长", "time required")), ("P", _P),
              about=Subject.DEVICES, is_bounded=True,
              note=("以最差见证为准；数值为下限（未知计为停）；自首个见证的首次记录起计",
                    "the worst witness counts, from the first word on; the value is the lower bound, unknown as down")),
    _measured("platform_mtbf", ("平台平均无故障运行时间", "MTBF of the platform"), Measure.PLATFORM_FALLS,
              (("可用时长", "time up"), _FALLS), ("P", _P), about=Subject.DEVICES, unit=Unit.SECONDS),
    _measured("platform_mttr", ("平台平均修复时间", "MTTR of the platform"), Measure.PLATFORM_REPAIRS,
              (("停机时长", "time down"), _FALLS), ("P", _P),
              about=Subject.DEVICES, unit=Unit.SECONDS, better=_LOW),
    _measured("missed_report_rate", ("漏报率", "missed report rate"), Measure.MISSED_REPORTS,
              (("漏报数", "verified public reports that a collector had to find"), ("立案数", "registered")),
              ("UNICOM", _B), about=Subject.FINDING, better=_LOW, groups=("grid", "community", "code"),
              minimum_sample=30, is_share=True,
              note=("漏报：采集员应巡查的类别与网格内，经核实属实的公众举报立案",
                    "registered from a verified public report, of a class and grid that collectors have to look at")),
    _measured("public_participation", ("公众参与度", "public participation"), Measure.PUBLIC_REPORTS,
              (("公众上报数", "public reports"), ("常住人口", "people who live there")), ("P", _P),
              about=Subject.FINDING,
              groups=("community",),
              note=("按登记人口的社区；人口取时段开始之年或此前十年内最新的数",
                    "of communities with a population, of the period's first year or the newest of the ten before")),
    _measured("seat_usage", ("使用率（坐席）", "use of the seats"), Measure.SEAT_HOURS,
              (("有操作记录的排班时长", "rostered time in hours with an act"), ("排班时长", "time rostered")),
              ("P", _P), about=Subject.USE, groups=("seat", "person")),
    _measured("case_usage", ("使用率（案件）", "cases handled inside"), Measure.CASES_INSIDE,
              (("平台立案数", "registered here"), ("平台内外案件数", "registered here or handled outside")), ("P", _P),
              about=Subject.USE,
              minimum_sample=30, is_share=True),
    _measured("camera_usage", ("使用率（摄像机）", "use of the cameras"), Measure.CAMERAS_USED,
              (("被调看或产生有效案件的摄像机数", "cameras viewed or with a valid case"), ("摄像机数", "cameras")),
              ("P", _P), about=Subject.USE, groups=_DEVICES, is_share=True),
    _measured("cost_per_camera_day", ("摄像机每日成本", "cost per camera-day"), Measure.COST_OF_CAMERA_DAYS,
              (("支付金额（元）", "CNY paid"), ("摄像机日数", "camera-days")), ("P", _P),
              about=Subject.USE, unit=Unit.MONEY, better=_LOW,
              note=("支付记录按支付日计入", "payments count on the day they were paid")),
    _measured("cost_per_closed_case", ("每案成本", "cost per closed case"), Measure.COST_OF_CLOSED_CASES,
              (("支付金额（元）", "CNY paid"), ("结案数", "closed")), ("P", _P),
              about=Subject.USE, unit=Unit.MONEY, better=_LOW),
    _measured("satisfaction", ("满意度", "satisfaction"), Measure.CITIZENS_SATISFIED,
              (("满意人数（按层加权）", "satisfied, weighted by stratum"), ("调查代表人数", "people they stand for")),
              ("P", _P), about=Subject.SATISFACTION, minimum_sample=30,
              note=("取时段内最近一次市民调查；回答不足30份不显著",
                    "of the period's last survey of citizens; below 30 answers it is not significant")),
    _measured("field_recall", ("场景召回率", "field recall"), Measure.FREE_TRIALS,
              (("其中机器发现的", "of these found by the machine"),
               ("监看区域内经核实属实的公众举报", "verified public reports within watched zones")), ("P", _P),
              about=Subject.FINDING,
              groups=("camera", "zone"), minimum_sample=30, is_share=True,
              note=("机器发现：同区域同类别的线索在举报前24小时至举报后1小时内登记，或举报并入已确认的线索",
                    "found: a candidate of its zone and class, opened 24 h before to 1 h after, or one it joined")),
)  # fmt: skip

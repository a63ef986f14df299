"""The part of the registry that is measured from other records than cases."""

from central.core.kpis.definitions import Better, Confidence, Indicator, Unit
from central.core.kpis.formulas import Measure, Measured, Unrecorded
from protocol.texts import Words

_C, _P = Confidence.PRACTICE, Confidence.OURS
_LOW = Better.LOWER
_DEVICES = ("camera", "box", "vendor")
_ONLINE_S, _REQUIRED_S = ("在线秒数", "seconds online"), ("应在线秒数", "seconds required")
_FALLS = ("停机次数", "falls")


def _measured(  # noqa: PLR0913 - one row of the table
    name: str,
    names: tuple[str, str],
    by: Measure,
    divided: tuple[tuple[str, str], tuple[str, str]],
    source: tuple[str, Confidence],
    *,
    unit: Unit = Unit.RATIO,
    better: Better = Better.HIGHER,
    groups: tuple[str, ...] = (),
    minimum_sample: int = 1,
    is_share: bool = False,
    is_bounded: bool = False,
    note: tuple[str, str] | None = None,
) -> Indicator:
    hits, total = (Words(*words) for words in divided)
    formula = Measured(by, hits, total, groups, is_share=is_share, is_bounded=is_bounded)
    noted = Words(*note) if note is not None else None
    return Indicator(name, Words(*names), formula, *source, unit, better, minimum_sample, note=noted)


MEASURED = (
    _measured("camera_online_snapshot", ("在线率（期末时点）", "cameras online at the end"), Measure.ONLINE_AT_END,
              (("在线摄像机数", "cameras online"), ("摄像机数", "cameras")), ("C", _C), groups=_DEVICES,
              is_share=True, is_bounded=True),
    _measured("camera_online_rate", ("在线率", "camera online rate"), Measure.ONLINE_TIME, (_ONLINE_S, _REQUIRED_S),
              ("C", _C), groups=_DEVICES, is_bounded=True,
              note=("数值为下限（未知计为离线），与目标比较；上限不计未知；计划检修与试运行不计入",
                    "the value is the lower bound, unknown as offline; without planned work and trial operation")),
    _measured("camera_intact_rate", ("完好率", "camera intact rate"), Measure.INTACT_TIME,
              (("在线且画面完好秒数", "seconds online with a good picture"), _REQUIRED_S), ("C", _C), groups=_DEVICES,
              is_bounded=True),
    _measured("camera_mtbf", ("摄像机平均无故障运行时间", "MTBF of cameras"), Measure.CAMERA_FAILURES,
              (("运行秒数", "seconds of running"), ("故障次数", "failures")), ("C", _C), unit=Unit.SECONDS,
              groups=_DEVICES),
    _measured("camera_mttr", ("摄像机平均修复时间", "MTTR of cameras"), Measure.CAMERA_REPAIRS,
              (("已修复故障秒数", "seconds of repaired failures"), ("修复次数", "repairs")), ("C", _C),
              unit=Unit.SECONDS, better=_LOW, groups=_DEVICES),
    _measured("platform_availability", ("系统可用率", "availability of the platform"), Measure.PLATFORM_TIME,
              (("可用秒数", "seconds up"), ("应可用秒数", "seconds required")), ("P", _P), is_bounded=True,
              note=("以最差见证为准；数值为下限（未知计为停）",
                    "the worst witness counts at each moment; the value is the lower bound, unknown as down")),
    _measured("platform_mtbf", ("平台平均无故障运行时间", "MTBF of the platform"), Measure.PLATFORM_FALLS,
              (("可用秒数", "seconds up"), _FALLS), ("P", _P), unit=Unit.SECONDS),
    _measured("platform_mttr", ("平台平均修复时间", "MTTR of the platform"), Measure.PLATFORM_REPAIRS,
              (("停机秒数", "seconds down"), _FALLS), ("P", _P), unit=Unit.SECONDS, better=_LOW),
)  # fmt: skip


def _unrecorded(
    name: str, names: tuple[str, str], needs: tuple[str, str], unit: Unit = Unit.RATIO, better: Better = Better.HIGHER
) -> Indicator:
    return Indicator(name, Words(*names), Unrecorded(Words(*needs)), "P", Confidence.OURS, unit, better)


UNRECORDED = (
    _unrecorded("missed_report_rate", ("漏报率", "missed report rate"),
                ("尚无“采集员应巡查类别与网格”的记录",
                 "a record of which classes collectors have to find in which grids"),
                better=_LOW),
    _unrecorded("verification_sent_in_time_rate", ("核实按时派发率", "verifications sent out in time"),
                ("尚无核实任务派发时限的记录", "a limit for sending verifications out")),
    _unrecorded("check_sent_in_time_rate", ("核查按时派发率", "checks sent out in time"),
                ("尚无核查任务派发时限的记录", "a limit for sending checks out")),
    _unrecorded("public_participation", ("公众参与度", "public participation"),
                ("尚无常住人口记录", "a record of how many people live there")),
    _unrecorded("field_recall", ("场景召回率", "field recall"),
                ("尚无监看区域在地面上的范围", "where on the ground the watched zones lie")),
    _unrecorded("seat_usage", ("使用率（坐席）", "use of the seats"), ("尚无排班记录", "a roster of seats and hours")),
    _unrecorded("case_usage", ("使用率（案件）", "cases handled inside"),
                ("尚无平台外办理案件的记录", "how many cases were handled outside the platform")),
    _unrecorded("camera_usage", ("使用率（摄像机）", "use of the cameras"),
                ("尚无调看摄像机的记录", "a record of which cameras were viewed")),
    _unrecorded("cost_per_camera_day", ("摄像机每日成本", "cost per camera-day"),
                ("尚无费用记录", "a record of costs"), Unit.MONEY, _LOW),
    _unrecorded("cost_per_closed_case", ("每案成本", "cost per closed case"),
                ("尚无费用记录", "a record of costs"), Unit.MONEY, _LOW),
    _unrecorded("satisfaction", ("满意度", "satisfaction"), ("尚无满意度调查记录", "a record of surveys"), Unit.POINTS),
)  # fmt: skip

"""The tables that come with the platform; a city that scores otherwise imports its own."""

from decimal import Decimal

from central.core.kpis.composites.scoring import CompositeTable, Part, Share, Step, Steps, Subject
from central.core.kpis.registry.indicators import Confidence
from protocol.texts import Words

_DOWN = (100, 90, 75, 60, 40, 0)
_UP = tuple(reversed(_DOWN))


def _steps(counter: str, weight: str, starts: tuple[int, ...], points: tuple[int, ...]) -> Part:
    steps = tuple(Step(start, Decimal(value)) for start, value in zip(starts, points, strict=True))
    return Part(Steps(counter, steps), Decimal(weight))


def _share(indicator: str, weight: str) -> Part:
    return Part(Share(indicator), Decimal(weight))


def _table(
    name: str, zh: str, en: str, subject: Subject, *parts: Part, note: tuple[str, str] | None = None
) -> CompositeTable:
    sure = Confidence.VENDOR if note is None else Confidence.PRACTICE
    return CompositeTable(
        name, Words(zh=zh, en=en), subject, parts, "UNICOM", sure, note=None if note is None else Words(*note)
    )


def _region(name: str, zh: str, en: str, starts: tuple[int, ...]) -> CompositeTable:
    return _table(
        name, zh, en, Subject.REGION,
        _share("public_verified_rate", "0.10"), _steps("registered", "0.20", starts, _DOWN),
        _share("closing_rate", "0.30"), _share("closing_within_limit_rate", "0.40"),
        note=("来源中按期结案率的权重写作 10%，合计只有 70%，按 40% 计；监督举报率越高得分越高",
              "the weights sum to 70 % there; 10 % for 按期结案率 are read as 40 %. More 监督举报率, more points"),
    )  # fmt: skip


_WORKED = (0, 101, 301, 501, 1201, 2001)

_TABLES = (
    _region("region_1", "区域（一类）", "region of the first class", (0, 1, 3, 5, 7, 9)),
    _region("region_2", "区域（二类）", "region of the second class", (0, 1, 4, 6, 8, 10)),
    _table(
        "department", "专业部门", "department", Subject.DEPARTMENT,
        _steps("registered", "0.10", (0, 51, 101, 201, 501, 1001), _DOWN), _share("closing_rate", "0.30"),
        _share("handling_in_time_rate", "0.30"), _share("rework_rate", "0.30"),
    ),
    _table(
        "collector", "监督员", "collector", Subject.POST,
        _share("collector_valid_report_rate", "0.40"), _share("missed_report_rate", "0.20"),
        _share("verification_in_time_rate", "0.20"), _share("check_in_time_rate", "0.20"),
    ),
    _table(
        "shift_leader", "值班长", "shift leader", Subject.POST,
        _share("registration_in_time_rate", "0.25"), _share("registration_accuracy", "0.40"),
        _share("desk_closing_in_time_rate", "0.35"),
    ),
    _table(
        "dispatcher", "派遣员", "dispatcher", Subject.POST,
        _steps("dispatched", "0.20", _WORKED, _UP), _share("dispatch_in_time_rate", "0.40"),
        _share("dispatch_accuracy", "0.40"),
        note=("来源未给出派遣数分值，按受理数分值计", "the source has no steps for 派遣数; those of 受理数 are taken"),
    ),
    _table(
        "acceptor", "受理员", "acceptor", Subject.POST,
        _steps("reported_accepted", "0.25", _WORKED, _UP), _share("verification_sent_in_time_rate", "0.40"),
        _share("check_sent_in_time_rate", "0.35"),
    ),
)  # fmt: skip

SHIPPED: dict[str, CompositeTable] = {one.id: one for one in _TABLES}
"""By id."""

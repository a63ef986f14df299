"""An explained change as a person reads it: means and parts in hours, never in seconds."""

from datetime import UTC, datetime
from fractions import Fraction

from central.cli.figures.change_commands import change_text_of
from central.core.kpis import INDICATORS, Beside, Change, Effect, Factor, Period
from central.services.figures.planning.changes import Explained
from protocol.texts import Language

FEBRUARY = Period(datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
MARCH = Period(FEBRUARY.end, datetime(2026, 4, 1, tzinfo=UTC))


def test_a_change_is_told_in_hours_and_minutes() -> None:
    effects = (Effect(Factor.CLASS_MIX, "04-01", Fraction(-1_800)), Effect(Factor.DEPARTMENT, "", Fraction(5_400)))
    change = Change(Fraction(7_200), Fraction(10_800), effects)
    found = Explained(INDICATORS["handling_time"], Beside.LAST_PERIOD, MARCH, FEBRUARY, change, ())
    said = change_text_of(found, Language.CHINESE)
    assert said.splitlines()[0] == "平均处置时长：2.00 小时 -> 3.00 小时，变化 +1.00 小时"
    assert "    04-01 −30.0 分钟" in said
    assert "    无责任单位 +1.50 小时" in said
    assert "责任单位构成 +1.50 小时" in said
    assert "秒" not in said

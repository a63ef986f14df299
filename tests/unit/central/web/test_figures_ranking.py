"""What stands in the ranking of scores: the numbers behind a part, and the colour that a grade's word names."""

from decimal import Decimal

import pytest

from central.core.kpis import INDICATORS, PartKind, Reading, measured_of
from central.core.kpis import Part as Summand
from central.core.kpis.composites import BANDS, SHIPPED, Band, CompositeTable, Part, Share, Steps, scored
from central.core.kpis.composites import Subject as Whom
from central.services.figures.planning.scores import Scored
from central.web.figures.ranking import drawn_as
from protocol.texts import Language, Words


def test_the_numbers_of_a_part_are_told_in_its_unit() -> None:
    online = measured_of(INDICATORS["camera_online_rate"], Reading([Summand(PartKind.CAMERA, "b1.c", 3_600, 7_200)]))
    of_time, of_count = Part(Share("camera_online_rate"), Decimal(1)), SHIPPED["department"].parts[0]
    made = CompositeTable("t", Words(zh="试", en="try"), Whom.REGION, (of_time,), "P", SHIPPED["department"].confidence)
    one = Scored(
        scored(made, {"camera_online_rate": online}, {}, "g"), {"camera_online_rate": online}, {"registered": 1_200}
    )
    assert one.numbers(of_time, Language.ENGLISH) == "1.0 / 2.0 h"
    assert isinstance(of_count.of, Steps)
    assert one.numbers(of_count, Language.ENGLISH) == "1,200"
    assert Scored(one.composite, {}, {}).numbers(of_count, Language.ENGLISH) == ""


@pytest.mark.parametrize(("place", "band"), list(enumerate(BANDS)))
def test_a_grade_is_drawn_in_the_colour_that_its_word_names(place: int, band: Band) -> None:
    assert drawn_as(band) == f"gw-grade gw-grade--{place}"
    renamed = Band("一等", Decimal(0), band.colour)
    assert drawn_as(renamed) == drawn_as(band)


def test_a_colour_that_nothing_is_drawn_in_is_told_by_its_word_alone() -> None:
    assert drawn_as(Band("A", Decimal(0), Words(zh="紫", en="purple"))) == ""

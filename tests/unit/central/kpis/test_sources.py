"""Whoever reads where a definition comes from finds what the name stands for."""

from central.core.kpis import INDICATORS
from central.core.kpis.composites import BANDS, SHIPPED
from central.core.kpis.page import page
from central.core.kpis.registry.definitions import CONFIDENCE_WORDS, UNIT_WORDS, Confidence, Unit
from central.core.kpis.registry.sources import SOURCE_WORDS, sources_of


def test_every_source_letter_and_unit_is_explained() -> None:
    named = {name for one in (*INDICATORS.values(), *SHIPPED.values()) for name in sources_of(one.source)}
    assert named == set(SOURCE_WORDS)
    assert (set(CONFIDENCE_WORDS), set(UNIT_WORDS)) == (set(Confidence), set(Unit))


def test_the_page_explains_them_before_the_first_figure() -> None:
    legend = page().partition("## Indicators")[0]
    assert [name for name in (*SOURCE_WORDS, *CONFIDENCE_WORDS) if f"| {name} | " not in legend] == []
    assert "财预〔2020〕10号" in legend
    assert BANDS[0].grade in legend

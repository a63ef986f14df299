"""What makes a figure less sure than it looks, as commands and documents say it beside the value."""

from collections.abc import Iterator, Mapping

from central.core.kpis.figures import Figure
from central.core.kpis.phases import Note
from central.core.kpis.registry.indicators import INDICATORS
from central.core.kpis.registry.values import value_text
from protocol.texts import Language, Words

SMALL_SAMPLE = Words(zh="样本少于{minimum}，仅供参考", en="fewer than {minimum} cases: shown, and not to be relied on")
BOUNDS = Words(
    zh="{lower}（未知计为否）- {upper}（未知不计）；最高可能 {ceiling}",
    en="{lower} (unknown as no) - {upper} (unknown left out); at most {ceiling}",
)
IN_SHORT: Mapping[Note, Words] = {
    Note.INCOMPLETE_FACTS: Words(zh="旧案件尚未全部计入", en="cases of earlier releases are not all counted in yet"),
    Note.TRIAL_OPERATION: Words(zh="包含试运行时段", en="reaches into trial operation"),
}


def caveats(figure: Figure, target: float | None = None) -> Iterator[Words]:
    """All of them: the small sample, the bounds where they lie apart, what has to be known of the period.

    `target`: that stands beside the value, from which its lower bound is told apart.
    """
    if figure.is_below_minimum:
        yield few(figure)
    if is_unsure(figure):
        yield bounds(figure, target)
    yield from (IN_SHORT[note] for note in figure.notes)


def is_unsure(figure: Figure) -> bool:
    """Whether what is unknown may still move the value."""
    return figure.bounds is not None and figure.bounds.lower != figure.bounds.ceiling


def few(figure: Figure) -> Words:
    """That the sample is small; of a figure that is below its minimum."""
    return SMALL_SAMPLE.filled(minimum=INDICATORS[figure.indicator].minimum_sample)


def bounds(figure: Figure, target: float | None = None) -> Words:
    """Between what the value lies, the lower bound told apart from a target beside it; of a figure that has bounds."""
    assert figure.bounds is not None  # noqa: S101 - whoever asks has looked
    unit = INDICATORS[figure.indicator].unit
    lower, upper, ceiling = figure.bounds
    edges = {
        name: Words(*(value_text(edge, unit, one, beside) for one in (Language.CHINESE, Language.ENGLISH)))
        for name, edge, beside in (("lower", lower, target), ("upper", upper, None), ("ceiling", ceiling, None))
    }
    return BOUNDS.filled(**edges)

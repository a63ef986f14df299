"""How a group of a figure is called, and what has to be known beside its value: for commands and pages alike. Pure."""

from collections.abc import Iterator

from central.core.kpis import COUNTERS, PHASE, PHASE_WORDS, Figure
from central.core.kpis.registry.values import share_text
from central.settings.texts import Texts


def group_words(group_by: str, group: str, texts: Texts, called: str = "") -> str:
    """A group as people read it; `called`: its name in the city's registers, with which its id stands."""
    if not group:
        return texts.say("figures.group_unknown")
    if group_by == PHASE and group in PHASE_WORDS:
        return PHASE_WORDS[group].say(texts.language)
    if called:
        return texts.say("figures.group_called", name=called, id=group)
    return texts.word(group_by, group) if group_by in {"source", "scene"} else group


def interval_words(figure: Figure, texts: Texts) -> str:
    """Where a share lies at 95 %; "" of what is none."""
    if figure.interval is None:
        return ""
    low, high = figure.interval
    return texts.say("figures.interval", low=share_text(low), high=share_text(high))


def left_out(figure: Figure, texts: Texts) -> Iterator[str]:
    """What is in neither number of a figure, as far as there is any."""
    for name, count in figure.excluded.items():
        if count:
            counter = COUNTERS.get(name)
            called = texts.word("figures_left_out", name) if counter is None else counter.names.say(texts.language)
            yield texts.say("figures.excluded", name=called, count=f"{count:,}")


def remarks(figure: Figure, texts: Texts) -> tuple[str, ...]:
    """What stands beside the value of a group: its interval, the mark of few cases, why there is none."""
    small = texts.say("figures.small") if figure.is_below_minimum else ""
    reason = figure.reason.say(texts.language) if figure.reason is not None else ""
    return tuple(one for one in (interval_words(figure, texts), small, reason) if one)

"""Which figures stand together on the page, and which come first. Pure."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from central.core.kpis import INDICATORS
from central.core.kpis.registry.subjects import Subject

HEADLINES = (
    "camera_online_rate",
    "registration_rate",
    "handling_in_time_rate",
    "closing_rate",
    "closing_within_limit_rate",
    "handling_time",
    "active_finding_rate",
)
Thing = TypeVar("Thing")


def by_subject(things: Iterable[tuple[str, Thing]]) -> Mapping[Subject, tuple[Thing, ...]]:
    """Things by the subject of the figure that each belongs to, in the order of subjects; empty ones are left out."""
    found: dict[Subject, list[Thing]] = {subject: [] for subject in Subject}
    for figure, thing in things:
        found[INDICATORS[figure].subject].append(thing)
    return {subject: tuple(listed) for subject, listed in found.items() if listed}

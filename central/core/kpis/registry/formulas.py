"""How a figure is made: counters divided, seconds over cases, a spread, or measured from other records than cases."""

from dataclasses import dataclass
from enum import StrEnum

from central.core.kpis.registry.counters import COUNTERS, Cohort
from protocol.texts import Words


class Measure(StrEnum):
    """By what a figure that is not counted from facts of cases is measured; each has one reader in the services."""

    ONLINE_AT_END = "online_at_end"
    ONLINE_TIME = "online_time"
    INTACT_TIME = "intact_time"
    CAMERA_FAILURES = "camera_failures"
    CAMERA_REPAIRS = "camera_repairs"
    PLATFORM_TIME = "platform_time"
    PLATFORM_FALLS = "platform_falls"
    PLATFORM_REPAIRS = "platform_repairs"
    SEAT_HOURS = "seat_hours"
    CASES_INSIDE = "cases_inside"
    CAMERAS_USED = "cameras_used"
    PUBLIC_REPORTS = "public_reports"
    MISSED_REPORTS = "missed_reports"
    COST_OF_CAMERA_DAYS = "cost_of_camera_days"
    COST_OF_CLOSED_CASES = "cost_of_closed_cases"
    CITIZENS_SATISFIED = "citizens_satisfied"
    FREE_TRIALS = "free_trials"

    @property
    def reads_facts(self) -> bool:
        """Whether facts of cases are among what it reads: the figure is too low while some lack."""
        return self in _READ_FACTS

    @property
    def counts_trial(self) -> bool:
        """Whether time before formal operation is in its sums, as in those of cases."""
        return self not in _WITHOUT_TRIAL


_READ_FACTS = {
    Measure.CASES_INSIDE,
    Measure.CAMERAS_USED,
    Measure.PUBLIC_REPORTS,
    Measure.MISSED_REPORTS,
    Measure.COST_OF_CLOSED_CASES,
    Measure.FREE_TRIALS,
}
_WITHOUT_TRIAL = {Measure.ONLINE_TIME, Measure.INTACT_TIME}


@dataclass(frozen=True, slots=True)
class Ratio:
    """One counter divided by another of the same cohort; `excluded` are told beside it and are in neither."""

    numerator: str
    denominator: str
    excluded: tuple[str, ...] = ()

    @property
    def cohort(self) -> Cohort:
        """By which moment its cases belong to a period."""
        return COUNTERS[self.denominator].cohort


_INTERVALS = {
    "found_to_handled": ("found_at", "handled_at"),
    "dispatched_to_handled": ("dispatched_at", "handled_at"),
    "registered_to_closed": ("registered_at", "closed_at"),
}
_IN_OFFICE_HOURS, _NATURAL = "_work_s", "_s"


@dataclass(frozen=True, slots=True)
class Duration:
    """Seconds of `field` over the cases of a counter."""

    field: str
    counter: str
    excluded: tuple[str, ...] = ()

    @property
    def interval(self) -> tuple[str, str]:
        """The fields of the moments between which the seconds lie."""
        return _INTERVALS[self.field.removesuffix(_IN_OFFICE_HOURS).removesuffix(_NATURAL)]

    @property
    def in_office_hours(self) -> bool:
        """Whether only office hours count; else natural ones."""
        return self.field.endswith(_IN_OFFICE_HOURS)


@dataclass(frozen=True, slots=True)
class Spread:
    """Between the highest and the lowest value of another indicator over the groups `by`; small groups are left out."""

    of: str
    by: str


@dataclass(frozen=True, slots=True)
class Measured:
    """The sum of its parts' `hits` divided by that of their `totals`, read `by` one measure.

    `groups`: by what it can be told apart. `is_share`: both are numbers of independent things, so that Wilson's
    interval holds. `is_bounded`: a part of the total may be unknown and may still become a hit. `hits_in_s`,
    `total_in_s`: the sum is one of seconds.
    """

    by: Measure
    hits: Words
    total: Words
    groups: tuple[str, ...] = ()
    is_share: bool = False
    is_bounded: bool = False
    hits_in_s: bool = False
    total_in_s: bool = False


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """What cannot be computed yet, and the records that it needs."""

    needs: Words


Formula = Ratio | Duration | Spread | Measured | Unrecorded

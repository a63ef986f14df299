"""When months are published, how far boxes have told them, and whether what was published still stands. Pure."""

from central.core.kpis.publishing.chains import Broken, Fault, Link, faults
from central.core.kpis.publishing.marks import StreamTold, mark_of
from central.core.kpis.publishing.terms import PublishingTerms, cut_off, month_name, month_of, to_look_at

__all__ = [
    "Broken",
    "Fault",
    "Link",
    "PublishingTerms",
    "StreamTold",
    "cut_off",
    "faults",
    "mark_of",
    "month_name",
    "month_of",
    "to_look_at",
]

"""Who says that the platform was there: central itself, boxes together, probes outside."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from central.core.availability.boxes import box_timeline
from central.core.availability.spans import Span, merged
from central.core.availability.witnesses import (
    BOXES,
    BREAK_S,
    CENTRAL,
    Look,
    Statement,
    WitnessRun,
    after_look,
    boxes_statement,
    central_statement,
    probe_statement,
)
from central.stores.ports import Stores, Unit
from protocol.messages import CameraState


class Ticker:
    """Central's own witness; `instance` names this process. Called each `TICK_S` by one thread."""

    def __init__(self, stores: Stores, instance: str) -> None:
        self._stores = stores
        self._instance = instance
        self._run: WitnessRun | None = None
        self._before: Look | None = None

    def tick(self, now: datetime, mono_s: float) -> None:
        """Write that central is up; raises `StoreUnavailable`, which is what a gap will say."""
        look = Look(now, mono_s)
        run = after_look(self._run, self._before, look, CENTRAL, self._instance)
        with self._stores.writing() as unit:
            unit.availability.put_runs([run])
        self._run, self._before = run, look


def deaf(runs: Iterable[WitnessRun], known_at: datetime) -> tuple[Span, ...]:
    """When central did not listen; before its first tick nothing says so."""
    own = [run for run in runs if run.witness == CENTRAL]
    last = max((run.ended_at for run in own), default=known_at)
    quiet = [Span(last, known_at)] if (known_at - last).total_seconds() > BREAK_S else []
    return merged([*central_statement(own).down, *quiet])


def statements(unit: Unit, span: Span, now: datetime) -> dict[str, Statement]:
    """What each witness says of a time, as recorded up to `now`."""
    runs = unit.availability.runs(span, now)
    found = {
        name: (central_statement if name == CENTRAL else probe_statement)(list(own))
        for name, own in groupby(runs, key=lambda run: run.witness)
    }
    facts = unit.availability.boxes_said(span, now)
    heard = {
        box: merged(
            Span(piece.start, piece.end) for piece in box_timeline(said, span, now) if piece.state is CameraState.ONLINE
        )
        for box, said in groupby(facts, key=lambda one: one.box)
    }
    listened = found[CENTRAL].up if CENTRAL in found else ()
    waits = unit.availability.waits(span, now)
    if waits or (heard and listened):
        found[BOXES] = boxes_statement(heard, listened, waits)
    return found

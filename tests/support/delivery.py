"""Delivery under fire: boxes report while box, central and broker are killed in turn; then everything is counted."""

import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.support.installation import Installation
from tests.support.until import until

DRAIN_S = 180.0
DOWN_S = (0.2, 1.5)
CENTRAL_DOWN_S = (1.0, 2.5)
VICTIMS = ("box", "central", "broker", "central and broker")
"""The last pair overlaps: what the broker has acknowledged and central has not seen dies with the broker."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens: deterministic but for the operating system's timing."""

    broker: str = "mosquitto"
    boxes: int = 3
    events: int = 2100
    per_s: float = 12.0
    kills: int = 20
    seed: int = 1
    delete_at: str = "watermark"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: ids in the boxes' journals, minus those in central, and what is there twice."""

    written: int
    committed: int
    lost: int
    duplicates: int
    cases: int
    kills: int
    seconds: float

    def as_dict(self) -> dict[str, float]:
        """For printing as JSON."""
        return asdict(self)


def deliver(plan: Plan, folder: Path, say: Say = lambda _: None) -> Outcome:
    """Run the plan in `folder` and count."""
    draw = random.Random(plan.seed)
    begun = time.monotonic()
    with Installation(folder, plan.broker) as place:
        place.await_health()
        names = [f"b{number + 1}" for number in range(plan.boxes)]
        for name in names:
            place.join(name)
            _start_box(place, plan, name)
        kills = _kill_in_turn(place, plan, names, draw, say)
        _await_written(place, plan, names)
        say("all reports written; waiting for the boxes to drain")
        _await_drained(place, plan, names)
        return _count(place, names, kills, time.monotonic() - begun)


def _start_box(place: Installation, plan: Plan, name: str) -> None:
    each = plan.events // plan.boxes
    seed = plan.seed * 100 + int(name[1:])
    place.start_box(name, events=each, per_s=plan.per_s / plan.boxes, seed=seed, delete_at=plan.delete_at)


def _kill_in_turn(place: Installation, plan: Plan, names: list[str], draw: random.Random, say: Say) -> int:
    pause_s = plan.events / plan.per_s / plan.kills * 0.7
    done = 0
    while done < plan.kills:
        time.sleep(draw.uniform(0.5, 1.5) * max(0.3, pause_s - 1.5))
        victim = VICTIMS[done % len(VICTIMS)]
        say(f"kill {done + 1} of {plan.kills}: {victim}")
        match victim:
            case "box":
                name = draw.choice(names)
                place.processes[name].kill()
                time.sleep(draw.uniform(*DOWN_S))
                _start_box(place, plan, name)
            case "broker":
                place.processes["broker"].kill()
                time.sleep(draw.uniform(*DOWN_S))
                place.start_broker()
            case "central":
                place.processes["central"].kill()
                time.sleep(draw.uniform(*CENTRAL_DOWN_S))
                place.start_central()
                place.await_health()
            case _:
                place.processes["central"].kill()
                time.sleep(draw.uniform(*CENTRAL_DOWN_S))
                place.processes["broker"].kill()
                place.start_broker()
                place.start_central()
                place.await_health()
                done += 1
        done += 1
    return done


def _await_written(place: Installation, plan: Plan, names: list[str]) -> None:
    each = plan.events // plan.boxes

    def all_written() -> bool:
        return all(len(place.journal(name)) >= each for name in names)

    until(all_written, within_s=plan.events / plan.per_s + DRAIN_S, every_s=0.5, what="the boxes writing all reports")


def _await_drained(place: Installation, plan: Plan, names: list[str]) -> None:
    def drained() -> bool:
        return all(place.waiting(name) == 0 for name in names)

    until(
        drained,
        within_s=DRAIN_S,
        every_s=0.5,
        what=lambda: (
            f"outboxes empty ({plan}): {[place.waiting(name) for name in names]}\n"
            + place.processes["central"].report()
            + place.processes[names[0]].report()
        ),
    )
    time.sleep(1.0 if plan.delete_at == "puback" else 0.0)


def _count(place: Installation, names: list[str], kills: int, seconds: float) -> Outcome:
    written = {(name, identity) for name in names for _, identity in place.journal(name)}
    stored = place.committed("SELECT box, id, epoch, seq FROM events")
    ids = [(box, identity) for box, identity, _, _ in stored]
    claims = [(box, epoch, seq) for box, _, epoch, seq in stored]
    episodes = place.committed("SELECT episode FROM case_episodes")
    doubles = (len(ids) - len(set(ids))) + (len(claims) - len(set(claims))) + (len(episodes) - len(set(episodes)))
    cases = place.committed("SELECT COUNT(*) FROM cases")
    return Outcome(
        written=len(written),
        committed=len(set(ids)),
        lost=len(written - set(ids)),
        duplicates=doubles,
        cases=int(cases[0][0]) if cases else 0,
        kills=kills,
        seconds=round(seconds, 1),
    )

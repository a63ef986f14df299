"""Static foreground on simulated streets: what is found in the drawn zone, how exact the times are, what is false.

Run: `python bench/static_foreground.py [--cameras 6] [--minutes 6] [--first-seed 7000] [--conditions calm,hard,...]`.
Each camera has its own street, its weather (half are clear, the others night, rain, fog) and the pavement as its zone;
things come, stay and leave, one person stands still for less than the dwell, passers-by and cars all the time. What is
raised and touches no thing is a false place; so is a short wait that is raised.
"""

import argparse
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._nasty_streets import CONDITIONS, FPS, REPORT_SEEDS, SIZE, Condition, frames, pavement, script
from edge_agent.core.rules import Look, RunningRule, Sighting, SightingPhase, Stream
from edge_agent.pipeline.static_watch import StaticLook, StaticWatch
from edge_agent.video.frame import Frame
from protocol.geometry import Polygon
from protocol.messages import EndReason
from protocol.scene_rules import StayRule
from provisioning.simulator.video.camera import StreetCamera
from provisioning.simulator.video.script import Episode, Kind
from tests.support.rules import WHOLE, alone

DWELL_S = 20.0
ANCHOR = datetime(2026, 1, 1, tzinfo=UTC)
LATE_S = 5.0
"""What is raised so much after its end still counts."""
WILSON_Z = 1.96
TRUTH_LOOKS = 9
Edges = tuple[float, float, float, float]
Stay = tuple[Sighting, Sighting]


@dataclass
class Score:
    """Counts of one condition; `doubles`: parts of a thing that were raised beside it."""

    found: int = 0
    total: int = 0
    waits: int = 0
    doubles: int = 0
    false: int = 0
    hours: float = 0.0
    start_errors: list[float] = field(default_factory=list)
    end_errors: list[float] = field(default_factory=list)
    spent_ms: list[float] = field(default_factory=list)


class Stays:
    """A `stay` rule in one zone, fed with looks."""

    def __init__(self, zone: Polygon) -> None:
        self._rule: RunningRule = alone(StayRule(scene="stay", labels=("static",), dwell_s=DWELL_S), zone)
        self._raised: dict[int, Sighting] = {}
        self.done: list[Stay] = []

    def step(self, seen: StaticLook, now: datetime) -> None:
        if seen.lost_view:
            self.close()
            return
        self._rule, told = self._rule.step(Look(seen.tracks, now, 1 / FPS, Stream.REGIONS))
        self._take(told)

    def close(self) -> None:
        self._rule, told = self._rule.close(EndReason.INTERRUPTED)
        self._take(told)

    def _take(self, told: tuple[Sighting, ...]) -> None:
        for one in told:
            if one.phase is SightingPhase.RAISED:
                self._raised[one.key] = one
            elif one.phase is SightingPhase.ENDED and one.key in self._raised:
                self.done.append((self._raised.pop(one.key), one))


def watch(
    camera: StreetCamera, seed: int, minutes: float, condition: Condition, zone: Polygon
) -> tuple[list[Stay], float]:
    """Raised stays with their ends, and milliseconds a look."""
    static, stays, spent, looks = StaticWatch(), Stays(zone), 0.0, 0
    for number, (t, picture) in enumerate(frames(camera, minutes, seed, condition)):
        frame = Frame(number, ANCHOR + timedelta(seconds=t), picture)
        began = time.process_time()
        seen = static.look(frame)
        spent += time.process_time() - began
        if seen is not None:
            looks += 1
            stays.step(seen, frame.captured_at)
    stays.close()
    return stays.done, 1000 * spent / max(1, looks)


def score(camera: StreetCamera, episodes: tuple[Episode, ...], stays: list[Stay], total: Score) -> str:
    """Add one camera's stays to the total and say what became of each episode."""
    used: set[int] = set()
    notes = []
    for number, episode in enumerate(episodes):
        box = box_of(camera, number, episode)
        if box is None:
            notes.append(f"{episode.kind} not visible")
            continue
        during = [i for i, stay in enumerate(stays) if _is_during(stay, episode)]
        matching = [i for i in during if covers(stays[i][0].box, box)]
        parts = [i for i in during if i not in matching and i not in used and inside(stays[i][0].box, box)]
        used.update(matching, parts)
        if episode.kind is Kind.PERSON:
            total.waits += bool(matching)
            continue
        total.doubles += len(parts) + max(0, len(matching) - 1)
        total.total += 1
        notes.append(_told(stays, matching, episode, box, total))
    wrong = [stay for i, stay in enumerate(stays) if i not in used]
    total.false += len(wrong)
    return "; ".join([*notes, f"false {len(wrong)}", *(_words(*stay) for stay in wrong)])


def box_of(camera: StreetCamera, number: int, episode: Episode) -> Edges | None:
    """The box around all that the episode shows while it lasts; people who pass may hide a part of it at times."""
    times = np.linspace(episode.start_s, episode.end_s, TRUTH_LOOKS)
    objects = [one for t in times.tolist() for one in camera.ground_truth(t).objects]
    boxes = np.array([one.box for one in objects if one.episode == number and not one.moving])
    return (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)) if len(boxes) else None


def _told(stays: list[Stay], matching: list[int], episode: Episode, box: Edges, total: Score) -> str:
    if not matching:
        return f"{episode.kind} MISSED ({(box[2] - box[0]) * SIZE[0]:.0f}x{(box[3] - box[1]) * SIZE[1]:.0f} px)"
    total.found += 1
    up, end = stays[matching[0]]
    total.start_errors.append(_s(up.started_at) - episode.start_s)
    total.end_errors.append(_s(end.last_seen_at) - episode.end_s)
    return f"{episode.kind} {total.start_errors[-1]:+.1f} {total.end_errors[-1]:+.1f}"


def _is_during(stay: Stay, episode: Episode) -> bool:
    up, end = stay
    return _s(up.raised_at or up.last_seen_at) < episode.end_s + LATE_S and _s(end.last_seen_at) > episode.start_s


def _shared(found: Edges, truth: Edges) -> float:
    width = min(found[2], truth[2]) - max(found[0], truth[0])
    height = min(found[3], truth[3]) - max(found[1], truth[1])
    return max(0.0, width) * max(0.0, height)


def covers(found: Edges, truth: Edges) -> bool:
    """Whether a box is about that object: half of one lies in the other, and they are of similar size."""
    shared = _shared(found, truth)
    area = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (found, truth))
    return shared > 0.2 * (area - shared)


def inside(found: Edges, truth: Edges) -> bool:
    """Whether a box is mostly a part of that object."""
    return _shared(found, truth) > 0.6 * (found[2] - found[0]) * (found[3] - found[1])


def _words(up: Sighting, end: Sighting) -> str:
    return f"[{_s(up.started_at):.0f}-{_s(end.last_seen_at):.0f} " + ",".join(f"{edge:.2f}" for edge in up.box) + "]"


def _s(at: datetime) -> float:
    return (at - ANCHOR).total_seconds()


def wilson(hits: int, total: int) -> tuple[float, float]:
    """95 % interval of a share."""
    share, z2 = hits / max(1, total), WILSON_Z**2
    middle = share + z2 / (2 * max(1, total))
    half = WILSON_Z * (share * (1 - share) / max(1, total) + z2 / (4 * max(1, total) ** 2)) ** 0.5
    return (middle - half) / (1 + z2 / max(1, total)), (middle + half) / (1 + z2 / max(1, total))


def report(name: str, total: Score) -> None:
    """Print the figures of one condition."""
    low, high = wilson(total.found, total.total)
    errors = [np.percentile(np.abs(each or [np.nan]), 50) for each in (total.start_errors, total.end_errors)]
    false = total.false + total.waits
    print(
        f"{name:6} found {total.found} of {total.total} = {total.found / max(1, total.total):.2f}",
        f"({low:.2f}-{high:.2f})",
        f"| false {false} in {total.hours:.1f} h = {false / total.hours:.2f} a camera-hour ({total.waits} short waits)",
        f"| parts apart {total.doubles} | median error s: start {errors[0]:.1f}, end {errors[1]:.1f}",
        f"| {np.mean(total.spent_ms):.1f} ms a look",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cameras", type=int, default=6)
    parser.add_argument("--minutes", type=float, default=6.0)
    parser.add_argument("--first-seed", type=int, default=REPORT_SEEDS)
    parser.add_argument("--conditions", default=",".join(one.name for one in CONDITIONS))
    parser.add_argument("--no-zone", action="store_true", help="the whole picture is the zone")
    wanted = parser.parse_args()
    for condition in (one for one in CONDITIONS if one.name in wanted.conditions.split(",")):
        total = Score()
        for seed in range(wanted.first_seed, wanted.first_seed + wanted.cameras):
            plan = script(seed, wanted.minutes, condition)
            camera = StreetCamera(plan, seed, SIZE, FPS)
            zone = WHOLE if wanted.no_zone else pavement(seed)
            stays, ms = watch(camera, seed, wanted.minutes, condition, zone)
            total.spent_ms.append(ms)
            total.hours += wanted.minutes / 60
            print(seed, plan.weather, score(camera, plan.episodes, stays, total), f"{ms:.1f} ms", flush=True)
        report(condition.name, total)


if __name__ == "__main__":
    main()

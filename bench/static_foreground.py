"""Static foreground on simulated streets: what is found, how exact the times are, how many false places.

Run: `python bench/static_foreground.py [CAMERAS] [MINUTES]`. Each camera has its own street; things come, stay and
leave; one person stands still for less than the dwell; passers-by and cars all the time. Light drifts by 18 %, falls
suddenly by 20 %, and a shadow's edge creeps across; every frame goes through JPEG 60. The zone is the whole picture.
"""

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import numpy.typing as npt

from edge_agent.core.rules import Look, RunningRule, Sighting, SightingPhase, Stream
from edge_agent.pipeline.static_watch import StaticWatch
from edge_agent.video.frame import Frame
from protocol.messages import EndReason
from protocol.scene_rules import StayRule
from provisioning.simulator.video.camera import StreetCamera
from provisioning.simulator.video.script import Episode, Kind, Place, Script, Weather
from tests.support.rules import alone

FIRST_SEED = 7_000
DWELL_S, FPS, SIZE = 20.0, 2.0, (640, 360)
ANCHOR = datetime(2026, 1, 1, tzinfo=UTC)
WEATHERS = (Weather.CLEAR, Weather.NIGHT, Weather.CLEAR, Weather.RAIN, Weather.CLEAR, Weather.FOG)


def script(seed: int, minutes: float) -> Script:
    """Four things that stay, and somebody who waits a little too short."""
    rng = np.random.default_rng(seed)
    length_s, episodes = 60 * minutes, []
    for number, kind in enumerate((Kind.STALL, Kind.RUBBISH, Kind.GOODS, Kind.BIKES)):
        start = float(rng.uniform(20, length_s - 120))
        across = 0.14 + 0.24 * number + float(rng.uniform(-0.04, 0.04))
        stay = float(rng.uniform(40, min(200, length_s - start - 20)))
        episodes.append(Episode(kind, start, start + stay, Place(across, float(rng.uniform(0.25, 0.9)))))
    start = float(rng.uniform(20, length_s - 60))
    episodes.append(Episode(Kind.PERSON, start, start + DWELL_S * 0.7, Place(0.5, float(rng.uniform(0.2, 0.9)))))
    weather = WEATHERS[seed % len(WEATHERS)]
    return Script(f"street-{seed}", length_s, 5, 2, weather, tuple(sorted(episodes, key=lambda one: one.start_s)))


def frames(
    camera: StreetCamera, minutes: float, seed: int, *, hard: bool
) -> Iterator[tuple[float, npt.NDArray[np.uint8]]]:
    """Pictures under changing light, through JPEG."""
    rng = np.random.default_rng([seed, 9])
    slow, quick, phase = rng.uniform(0.002, 0.006), rng.uniform(0.01, 0.03), rng.uniform(0, 6)
    for number in range(int(60 * minutes * FPS)):
        t = number / FPS
        picture = camera.frame(t).astype(np.float32)
        if hard:
            gain = 1 + 0.18 * np.sin(6.28 * slow * t + phase) + 0.03 * np.sin(6.28 * quick * t)
            picture *= gain * (0.8 if int(t / 97) % 3 == 1 else 1)
            edge = int(SIZE[0] * (0.2 + 0.6 * t / (60 * minutes)))
            picture[SIZE[1] // 2 :, :edge] *= 0.72
        coded = cv2.imencode(".jpg", np.clip(picture, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 60])[1]
        yield t, cv2.imdecode(coded, cv2.IMREAD_COLOR)


def watch(
    camera: StreetCamera, minutes: float, seed: int, *, hard: bool
) -> tuple[list[tuple[Sighting, Sighting]], float]:
    """Raised episodes with their ends, and milliseconds a frame."""
    static, rule = StaticWatch(), alone(StayRule(scene="stay", labels=("static",), dwell_s=DWELL_S))
    raised: dict[int, Sighting] = {}
    done: list[tuple[Sighting, Sighting]] = []
    spent = 0.0
    for number, (t, picture) in enumerate(frames(camera, minutes, seed, hard=hard)):
        frame = Frame(number, ANCHOR + timedelta(seconds=t), picture)
        began = time.process_time()
        seen = static.look(frame)
        spent += time.process_time() - began
        if seen is None:
            continue
        rule, told = (
            rule.close(EndReason.INTERRUPTED)
            if seen.lost_view
            else _step(rule, Look(seen.tracks, frame.captured_at, 0.5, Stream.REGIONS))
        )
        for one in told:
            if one.phase is SightingPhase.RAISED:
                raised[one.key] = one
            elif one.phase is SightingPhase.ENDED:
                done.append((raised.pop(one.key), one))
    _, told = rule.close(EndReason.INTERRUPTED)
    done += [(raised[one.key], one) for one in told]
    return done, 1000 * spent / max(1, int(60 * minutes * FPS))


def _step(rule: RunningRule, look: Look) -> tuple[RunningRule, tuple[Sighting, ...]]:
    return rule.step(look)


def covers(found: tuple[float, ...], truth: tuple[float, ...]) -> bool:
    """Whether a box is about that object: half of one lies in the other, and they are of similar size."""
    width = min(found[2], truth[2]) - max(found[0], truth[0])
    height = min(found[3], truth[3]) - max(found[1], truth[1])
    shared = max(0.0, width) * max(0.0, height)
    area = [(box[2] - box[0]) * (box[3] - box[1]) for box in (found, truth)]
    return shared > 0.2 * (sum(area) - shared)


def inside(found: tuple[float, ...], truth: tuple[float, ...]) -> bool:
    """Whether a box is mostly a part of that object."""
    width = min(found[2], truth[2]) - max(found[0], truth[0])
    height = min(found[3], truth[3]) - max(found[1], truth[1])
    return max(0.0, width) * max(0.0, height) > 0.6 * (found[2] - found[0]) * (found[3] - found[1])


def main(cameras: int, minutes: float, *, hard: bool) -> None:
    """Print one line a camera and the totals."""
    hits = total = waits = false = doubles = 0
    start_errors, end_errors = [], []
    for seed in range(FIRST_SEED, FIRST_SEED + cameras):
        plan = script(seed, minutes)
        camera = StreetCamera(plan, seed, SIZE, FPS)
        done, ms = watch(camera, minutes, seed, hard=hard)
        used: set[int] = set()
        notes = []
        for number, episode in enumerate(plan.episodes):
            objects = camera.ground_truth((episode.start_s + episode.end_s) / 2).objects
            boxes = np.array([one.box for one in objects if one.episode == number])
            if not len(boxes):
                notes.append(f"{episode.kind} not visible")
                continue
            box = (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
            matching = [i for i, (up, _) in enumerate(done) if covers(up.box, box) and _at(up) < episode.end_s + 5]
            matching = [i for i in matching if _s(done[i][1].last_seen_at) > episode.start_s]
            used.update(matching)
            parts = [i for i, (up, _) in enumerate(done) if i not in used and inside(up.box, box)]
            doubles += len(parts)
            used.update(parts)
            if episode.kind is Kind.PERSON:
                waits += bool(matching)
                continue
            total += 1
            if matching:
                hits += 1
                up, end = done[matching[0]]
                start_errors.append(_s(up.started_at) - episode.start_s)
                end_errors.append(_s(end.last_seen_at) - episode.end_s)
                notes.append(f"{episode.kind} {start_errors[-1]:+.1f} {end_errors[-1]:+.1f}{'*' * (len(matching) - 1)}")
            else:
                size = f"{(box[2] - box[0]) * SIZE[0]:.0f}x{(box[3] - box[1]) * SIZE[1]:.0f}"
                notes.append(f"{episode.kind} MISSED ({size} px)")
        wrong = [
            (f"{_s(up.started_at):.0f}-{_s(end.last_seen_at):.0f}", [round(v, 2) for v in up.box])
            for i, (up, end) in enumerate(done)
            if i not in used
        ]
        false += len(wrong)
        print(seed, plan.weather, "; ".join(notes), f"false {len(wrong)}:", *wrong, f"{ms:.1f} ms", flush=True)
    hours = cameras * minutes / 60
    print(f"hard={hard}: found {hits} of {total}, short waits raised {waits}, parts raised apart {doubles}")
    print(f"false places {false / hours:.1f} a camera-hour")
    for name, errors in (("start", start_errors), ("end", end_errors)):
        print(f"{name} error s: median {np.median(np.abs(errors)):.1f}, 90 % {np.percentile(np.abs(errors), 90):.1f}")


def _words(up: Sighting, end: Sighting) -> str:
    edges = ",".join(f"{edge:.2f}" for edge in up.box)
    return f"{_s(up.started_at):.0f}-{_s(end.last_seen_at):.0f} {edges}"


def _s(at: datetime) -> float:
    return (at - ANCHOR).total_seconds()


def _at(up: Sighting) -> float:
    return _s(up.raised_at or up.last_seen_at)


if __name__ == "__main__":
    main(int((sys.argv[1:] or ["6"])[0]), float((sys.argv[2:] or ["6"])[0]), hard="easy" not in sys.argv)

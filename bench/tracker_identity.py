"""How well identities hold on drawn street life: walkers, groups, stalls, bikes and vehicles that cover each other.

Run: `python bench/tracker_identity.py [FIRST_SEED] [SCENES]`; prints one JSON object. Each scene lasts a minute and is
seen at 1, 2, 5 and 10 looks a second. Seeds 0 to 99 are for tuning; 1000 and up, the default, for reporting.

`own`: the share of detections that carry their object's own identity, when identities are given to objects one to one
in the best way. `switches_100`: changes of identity between an object's detections, for 100 objects, those after a long
sight loss included. `one_id`: share of the objects seen for at least three seconds that kept one identity. `pure`:
share of the identities seen more than once that served one object alone.
"""

import json
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from _drawn_walks import ASPECT, looks

from edge_agent.core.sampling import grace_with_cadence_s
from edge_agent.core.tracking.assignment import assign
from edge_agent.core.tracking.tracker import Following, Tracks, step

START = datetime(2026, 1, 1, tzinfo=UTC)
FPS = (1.0, 2.0, 5.0, 10.0)
GRACE_S, LASTING_S = 2.0, 3.0
REPORT_SEED, SCENES = 1000, 20


def identities(seed: int, fps: float) -> list[tuple[int, int, float]]:
    """Of every detection that a track took: actor, identity, seconds."""
    tracks, taken = Tracks(), []
    how = Following(grace_with_cadence_s(GRACE_S, 1 / fps), ASPECT)
    for at_s, seen in looks(seed, fps):
        now = START + timedelta(seconds=at_s)
        tracks = step(tracks, [one.detection for one in seen], now, how)
        by_box = {one.box: one.id for one in tracks.tracks if one.last_seen_at == now}
        taken += [(one.actor, by_box[one.detection.box], at_s) for one in seen if one.detection.box in by_box]
    return taken


def measures(scenes: list[list[tuple[int, int, float]]]) -> dict[str, float]:
    """The four figures over all scenes."""
    total = Counter[str]()
    for taken in scenes:
        total.update(_counted(taken))
    return {
        "objects": total["objects"],
        "own": round(total["own"] / total["detections"], 4),
        "switches_100": round(100 * total["switches"] / total["objects"], 1),
        "one_id": round(total["one_id"] / total["lasting"], 4),
        "pure": round(total["pure"] / total["ids"], 4),
    }


def _counted(taken: list[tuple[int, int, float]]) -> Counter[str]:
    by_actor: dict[int, list[tuple[int, float]]] = defaultdict(list)
    by_id: dict[int, Counter[int]] = defaultdict(Counter)
    for actor, number, at_s in taken:
        by_id[number][actor] += 1
        if actor >= 0:
            by_actor[actor].append((number, at_s))
    lasting = [seen for seen in by_actor.values() if seen[-1][1] - seen[0][1] >= LASTING_S]
    often = [actors for actors in by_id.values() if sum(actors.values()) > 1]
    return Counter(
        objects=len(by_actor),
        detections=sum(map(len, by_actor.values())),
        own=_own(by_actor),
        switches=sum(first[0] != second[0] for seen in by_actor.values() for first, second in pairwise(seen)),
        lasting=len(lasting),
        one_id=sum(len({number for number, _ in seen}) == 1 for seen in lasting),
        ids=len(often),
        pure=sum(len(actors) == 1 for actors in often),
    )


def _own(by_actor: dict[int, list[tuple[int, float]]]) -> int:
    """Detections that carry the identity given to their object in the best one-to-one way."""
    ids = sorted({number for seen in by_actor.values() for number, _ in seen})
    counts = np.zeros((len(by_actor), len(ids)))
    for row, seen in enumerate(by_actor.values()):
        for number, _ in seen:
            counts[row, ids.index(number)] += 1
    most = counts.max() + 1
    return int(sum(counts[pair] for pair in assign(np.where(counts > 0, most - counts, np.inf), 4 * most)))


def main(first_seed: int, scenes: int) -> None:
    seeds = range(first_seed, first_seed + scenes)
    figures = {f"{fps:g} fps": measures([identities(seed, fps) for seed in seeds]) for fps in FPS}
    print(json.dumps({"seeds": f"{seeds[0]}-{seeds[-1]}", **figures}, indent=1))


if __name__ == "__main__":
    main(int((sys.argv[1:] or [REPORT_SEED])[0]), int((sys.argv[2:] or [SCENES])[0]))

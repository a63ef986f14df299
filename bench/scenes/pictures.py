"""Each miss and each false alarm as a strip of pictures, with zones, boxes and the facts: what tuning looks at.

Green is the truth, red what was told, yellow the zones, thin white what the detector sees on this very frame.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from bench.scenes.matching import Match, Outcome, overlap
from bench.scenes.plan import DWELL_S, SIZE
from bench.scenes.report import Report
from bench.scenes.site import Mode, camera_config
from bench.scenes.watch import Watched, camera_of, delivered, detector
from edge_agent.core.values import Detection
from edge_agent.video.frame import Picture
from provisioning.simulator.video.camera import StreetCamera
from provisioning.simulator.video.truths import Edges

PICTURES_MAX = 200
"""Strips of a run, spread over scenes and outcomes."""

_GREEN, _RED, _YELLOW, _WHITE = (60, 220, 60), (50, 50, 240), (0, 220, 255), (235, 235, 235)
_LINE_PX = 17
_SHOWN = {Outcome.MISS, Outcome.FALSE, Outcome.DUPLICATE}


def draw_errors(report: Report, scenes: frozenset[str], folder: Path) -> int:
    """Write the strips and an index of their facts into `folder`; return how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = []
    for number, (one, each) in enumerate(_chosen(report)):
        lines = facts_of(one, each)
        name = f"{each.outcome}-{each.scene}-{one.plan.seed}-{int(_moments(each)[1])}s-{number}.jpg"
        cv2.imwrite(str(folder / name), _strip(one, each, lines, scenes, report))
        facts.append(f"{name}\n" + "".join(f"    {line}\n" for line in lines))
    (folder / "facts.txt").write_text("".join(facts), encoding="utf-8")
    return len(facts)


def _chosen(report: Report) -> Iterator[tuple[Watched, Match]]:
    """Yield the errors, the first of each scene and outcome before the second of any."""
    errors = [(one, each) for one, matches in report.cameras for each in matches if each.outcome in _SHOWN]
    seen: Counter[tuple[str, str]] = Counter()
    ranked: list[tuple[int, int, Watched, Match]] = []
    for one, each in errors:
        key = each.scene, str(each.outcome)
        ranked.append((seen[key], len(ranked), one, each))
        seen[key] += 1
    yield from ((one, each) for _, _, one, each in sorted(ranked, key=lambda entry: entry[:2])[:PICTURES_MAX])


def facts_of(one: Watched, each: Match) -> list[str]:
    """Return what is known of an error: when, where, how large, what the detector saw there, what else was told."""
    box = _place(each)
    start, _, end = _moments(each)
    size = f"{(box[2] - box[0]) * SIZE[0]:.0f}x{(box[3] - box[1]) * SIZE[1]:.0f} px"
    where = f"camera {one.plan.seed} ({one.plan.condition}), {start:.0f}..{end:.0f} s, {size}"
    lines = [f"{each.outcome} {each.scene}: {where}"]
    if each.truth is not None:
        lines.append(f"truth: {each.truth.kind} in {each.truth.zone}, {each.truth.start_s:g}..{each.truth.end_s:g} s")
    if each.told is not None:
        told = each.told
        lines.append(
            f"told: {told.label} in {told.zone} by {told.basis}, score {told.score or 0:.2f}, "
            f"started {told.started_s:.1f}, raised {told.raised_s:.1f}, last seen {told.ended_s:.1f}, "
            f"held {told.held_share}, count {told.count}"
        )
    if each.outcome is Outcome.FALSE:
        lines.append(
            f"really: {each.about.kind} of {each.about.scene}" if each.about else "really: nothing of the script"
        )
    lines.append(_seen_there(one, box, start, end))
    others = [
        f"{told.scene} {told.label} {told.started_s:.0f}..{told.ended_s:.0f} s"
        for told in one.raises
        if told is not each.told and told.ended_s > start and told.started_s < end and overlap(told.box, box) > 0.3
    ]
    lines.append("told there besides: " + ("; ".join(others) or "nothing"))
    return lines


def _seen_there(one: Watched, box: Edges, start: float, end: float) -> str:
    looks = [seen for t_s, seen in one.looks if start <= t_s <= end]
    scores: dict[str, list[float]] = {}
    for seen in looks:
        for label in {each.label for each in seen}:
            there = [each.score for each in seen if each.label == label and _alike(each, box)]
            if there:
                scores.setdefault(label, []).append(max(there))
    shares = sorted(((len(found) / max(1, len(looks)), label) for label, found in scores.items()), reverse=True)
    words = [f"{label} in {share:.0%} (score {np.mean(scores[label]):.2f})" for share, label in shares[:4]]
    return f"detector, {len(looks)} looks: " + (", ".join(words) or "nothing there")


def _alike(seen: Detection, box: Edges) -> bool:
    return overlap(seen.box, box) > 0.4


def _place(each: Match) -> Edges:
    box = each.truth.box if each.truth is not None else each.told.box if each.told is not None else None
    assert box is not None
    return box


def _moments(each: Match) -> tuple[float, float, float]:
    """Begin, the moment that matters, end."""
    if each.told is not None:
        return each.told.started_s, each.told.raised_s, each.told.ended_s
    assert each.truth is not None
    return each.truth.start_s, min(each.truth.start_s + DWELL_S, each.truth.end_s), each.truth.end_s


def _strip(one: Watched, each: Match, lines: list[str], scenes: frozenset[str], report: Report) -> Picture:
    camera = camera_of(one.plan, report.fps)
    begin, middle, end = _moments(each)
    moments = (max(0.0, begin - 3), begin + 1, middle, max(middle, end - 1))
    shown = [_shown(one, each, camera, round(t_s * report.fps) / report.fps, (scenes, report)) for t_s in moments]
    pictures = np.vstack([np.hstack(shown[:2]), np.hstack(shown[2:])])
    words = np.full((_LINE_PX * (len(lines) + 1), pictures.shape[1], 3), 30, np.uint8)
    for number, line in enumerate(lines):
        cv2.putText(words, line, (6, _LINE_PX * (number + 1)), cv2.FONT_HERSHEY_SIMPLEX, 0.48, _WHITE, 1, cv2.LINE_AA)
    return np.vstack([words, pictures]).astype(np.uint8)


def _shown(one: Watched, each: Match, camera: StreetCamera, t_s: float, how: tuple[frozenset[str], Report]) -> Picture:
    scenes, report = how
    picture = delivered(camera, one.plan, t_s)
    seen = detector().detect(picture) if report.mode is Mode.MODEL else ()
    for zone in camera_config(camera.places(), report.mode, scenes, report.fps).zones:
        corners = (np.array(zone.polygon) * SIZE).astype(np.int32)
        cv2.polylines(picture, [corners], isClosed=True, color=_YELLOW, thickness=1)
    for found in seen:
        _box(picture, found.box, _WHITE, 1)
        x, y = int(found.box[0] * SIZE[0]), int(found.box[3] * SIZE[1]) + 9
        cv2.putText(picture, f"{found.label} {found.score:.2f}", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.3, _WHITE, 1)
    for truth in (each.truth, each.about):
        for box in truth.boxes if truth is not None else ():
            _box(picture, box, _GREEN, 1)
    if each.told is not None:
        _box(picture, each.told.box, _RED, 2)
    cv2.putText(picture, f"{t_s:g} s", (4, SIZE[1] - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.5, _WHITE, 1, cv2.LINE_AA)
    return picture


def _box(picture: Picture, box: Edges, colour: tuple[int, int, int], width: int) -> None:
    x1, y1, x2, y2 = (int(edge * side) for edge, side in zip(box, (*SIZE, *SIZE), strict=True))
    cv2.rectangle(picture, (x1, y1), (x2, y2), colour, width)

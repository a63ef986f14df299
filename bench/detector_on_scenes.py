"""What the demo detector finds on frames of simulated cameras, by class: recall and precision at the card's thresholds.

Run: `python bench/detector_on_scenes.py [MODEL.onnx]` (its card beside it; the shipped model if none is named).

Boxes of 16 px and more count, at IoU 0.5; smaller ones need not be found and are no mistake.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML

from provisioning.detector.card import CARD, MODEL, open_model
from provisioning.detector.evaluation import SIZE_MIN_PX, Answered, judged_answers
from provisioning.detector.lessons import boxes_of, wide_picture
from provisioning.detector.reading import read_output, to_input
from provisioning.simulator.pictures import CLASSES, Sample
from provisioning.simulator.video.camera import StreetCamera
from provisioning.simulator.video.scenes import SCENES
from provisioning.simulator.video.script import Weather

SHIPPED = Path(__file__).parents[1] / "provisioning" / "detector" / MODEL
FIRST_SEED, CAMERAS = 1_000, 100
OVERLAP_MIN = 0.5
SETS = {
    "plain scenes": (("street", "busy", "bikes", "rubbish", "night-market"), (22.0, 37.0)),
    "staged scenes": (("vendors", "shop-front", "parking", "dumping", "crowds"), (45.0, 80.0)),
}


def frames(names: tuple[str, ...], seconds: tuple[float, ...]) -> Iterator[Sample]:
    """Frames as the agent gives them to the model; every second camera in turn in another weather."""
    lights = tuple(Weather)
    for index in range(CAMERAS):
        script = SCENES[names[index % len(names)]]()
        if script.weather is Weather.CLEAR:
            turn = index // len(names)
            script = replace(script, weather=lights[turn % len(lights)] if turn % 2 else Weather.CLEAR)
        camera = StreetCamera(script, FIRST_SEED + index, (640, 360), 10)
        for t_s in seconds:
            yield Sample(wide_picture(camera.frame(t_s)), boxes_of(camera.ground_truth(t_s)))


def measure(model: Path) -> None:
    """Print a table for each set of scenes."""
    card = YAML(typ="safe").load(model.with_name(f"{model.stem}{CARD.removeprefix('street')}").read_text("utf-8"))
    answer = open_model(model)
    for title, (names, seconds) in SETS.items():
        shown = list(frames(names, seconds))
        answers = tuple(read_output(answer(to_input(one.image)), 0.02) for one in shown)
        answered = Answered(tuple(one.boxes for one in shown), answers)
        print(f"{title}, {len(shown)} frames\n  class     boxes  recall  precision")
        for kind, label in enumerate(CLASSES):
            result = judged_answers(kind, answered, OVERLAP_MIN, SIZE_MIN_PX)
            hits = result.hits[result.scores >= card["thresholds"][label]]
            recall, precision = hits.sum() / max(1, result.wanted), hits.mean() if len(hits) else np.nan
            print(f"  {label:8} {result.wanted:6}    {recall:.2f}       {precision:.2f}")


if __name__ == "__main__":
    measure(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)

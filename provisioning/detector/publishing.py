"""From a plan to the shipped files: train, export, measure."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from provisioning.detector.batches import fresh_in
from provisioning.detector.card import MODEL, Measured, write_card
from provisioning.detector.export import export
from provisioning.detector.frozen_set import digests
from provisioning.detector.lessons import camera_seed, lesson
from provisioning.detector.training import BATCH, Plan, Training

SHOW_EVERY_STEPS = 10
CHECKPOINT, CHECKPOINT_EVERY_STEPS = "training.pt", 100
KNOWN_STARTS = {
    "ee8197b85751c8f4914054659d3bd721bbdb1c34b3355dca84a965ab7ff094c0": (
        "version 1 of this model (git show 1701929:provisioning/detector/street.onnx), "
        "made there by train-detector --steps 3000 --seed 0"
    ),
    "a0ae68550470ab8a0eb2b5a9317daf686898466c9e65458f17ec288db4019da0": (
        "version 2 of this model (git show d853604:provisioning/detector/street.onnx), "
        "made from version 1 at 3355824 by train-detector --steps 1200 --seed 1"
    ),
    "49dccd27302abe820073fdd5e286e58a84a855fbcdd370019ab2e7293e9bef3b": (
        "version 3 of this model (git show f2de849:provisioning/detector/street.onnx), "
        "made there from version 2 by train-detector --steps 1200 --seed 2"
    ),
}
"""Models that were shipped before, by the digest of the file."""
DIGESTED = 64
"""Of so many lessons the card holds a digest."""


def train_and_publish(out: Path, plan: Plan, resume: Path | None, show: Callable[[int, str], None]) -> Measured:
    """Train and write all files to `out`; `show` gets the step and a few words about it.

    OUT/training.pt is renewed as the training goes; `resume` is such a file of the same plan, to go on from.
    """
    training = Training(plan)
    if resume is not None:
        training.load(resume)
    for progress in training:
        if progress.step % CHECKPOINT_EVERY_STEPS == 0:
            training.save(out / CHECKPOINT)
        if progress.step % SHOW_EVERY_STEPS == 0 or progress.step == plan.steps:
            losses = f"heat {progress.heat_loss:.2f} box {progress.box_loss:.2f}"
            show(progress.step, f"training, loss {losses}")
    show(plan.steps, "measuring")
    export(training.averaged(), out / MODEL)
    return write_card(out, description(plan))


def description(plan: Plan) -> dict[str, Any]:
    """Return what the card says about the training."""
    first = plan.first_picture
    fresh = BATCH + (plan.steps - 1) * fresh_in(BATCH)
    command = f"gridwarden provision train-detector --out DIR --steps {plan.steps} --seed {plan.seed}"
    described: dict[str, Any] = {
        "data": "streets drawn by provisioning.simulator; no photograph, no third-party picture, no pre-trained weight",
        "pictures": fresh,
        "lessons": f"{first}..{first + fresh - 1}",
        "lessons_sha256": digests(lesson(first + index) for index in range(DIGESTED))[1],
        "lessons_digested": f"the first {DIGESTED}: another digest means that something is drawn differently",
        "camera_seeds": f"{camera_seed(first)}..{camera_seed(first + fresh - 1)}",
        "steps": plan.steps,
        "batch": BATCH,
        "seed": plan.seed,
    }
    if plan.start is not None:
        digest = hashlib.sha256(plan.start.read_bytes()).hexdigest()
        described["start"] = f"{KNOWN_STARTS.get(digest, 'an exported model')}, sha256 {digest}"
        command += " --start FIRST/street.onnx"
    return described | {
        "command": command,
        "torch": torch.__version__.partition("+")[0],
        "repeatable": "same seed, kind of processor and torch version: same weights; others round differently",
    }

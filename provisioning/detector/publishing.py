"""From a plan to the shipped files: train, export, measure."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from provisioning.detector.card import MODEL, write_card
from provisioning.detector.evaluation import Evaluation
from provisioning.detector.export import export
from provisioning.detector.training import BATCH, PICTURES_PER_SEED, Plan, Training

SHOW_EVERY_STEPS = 10


def train_and_publish(out: Path, steps: int, seed: int, show: Callable[[int, str], None]) -> Evaluation:
    """Train and write all files to `out`; `show` gets the step and a few words about it."""
    plan = Plan(steps, seed)
    training = Training(plan)
    for progress in training:
        if progress.step % SHOW_EVERY_STEPS == 0 or progress.step == steps:
            losses = f"heat {progress.heat_loss:.2f} box {progress.box_loss:.2f}"
            show(progress.step, f"training, loss {losses}")
    show(steps, "measuring")
    export(training.averaged(), out / MODEL)
    return write_card(out, description(plan))


def description(plan: Plan) -> dict[str, Any]:
    """Return what the card says about the training."""
    first = plan.seed * PICTURES_PER_SEED
    fresh = BATCH + (plan.steps - 1) * (BATCH - BATCH // 2)
    return {
        "data": "streets drawn by provisioning.simulator; no photograph, no third-party picture, no pre-trained weight",
        "pictures": fresh,
        "picture_seeds": f"{first}..{first + fresh - 1}",
        "steps": plan.steps,
        "batch": BATCH,
        "seed": plan.seed,
        "command": f"gridwarden provision train-detector --out DIR --steps {plan.steps} --seed {plan.seed}",
        "torch": torch.__version__.partition("+")[0],
        "repeatable": "same seed, kind of processor and torch version: same weights; others round differently",
    }

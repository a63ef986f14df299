"""Trains the network: every choice from the seed, the schedule in steps, one thread and a process that draws."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError

import numpy as np
import torch
from torch import Tensor, nn

from provisioning.detector.batches import batches
from provisioning.detector.lessons import PICTURES_PER_SEED, lesson
from provisioning.detector.loss import BOX_WEIGHT, box_loss, heat_loss, make_targets
from provisioning.detector.network import STRIDE, StreetDetector
from provisioning.detector.start import TrainingRefused, start_from
from provisioning.simulator.pictures import CLASSES, HEIGHT, WIDTH, Sample

BATCH = 16
LEARNING_RATE = 2e-3
LEARNING_RATE_ON = 1e-3
"""The highest rate, of a training from nothing and of one that goes on from a model."""
WEIGHT_DECAY = 5e-4
WARM_UP_STEPS = 80
GRADIENT_MAX = 10.0
AVERAGE_STEPS_SHARE = 6
"""The shipped weights are a running average over about one such part of the steps."""
AVERAGE_LAG_STEPS = 60
START_PICTURES = 64
"""Pictures by which the normalisations of a model to go on from are set."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train, from which seed (0..SEED_MAX), and the exported model to go on from, if any.

    Going on keeps the first layers, to stride 4, as they are: they cost a third of a step.
    """

    steps: int
    seed: int
    start: Path | None = None

    @property
    def first_picture(self) -> int:
        """Number of the first lesson."""
        return self.seed * PICTURES_PER_SEED

    def words(self) -> str:
        """Return what tells this plan from others."""
        start = "nothing" if self.start is None else hashlib.sha256(self.start.read_bytes()).hexdigest()
        return f"steps {self.steps}, seed {self.seed}, start {start}"


@dataclass(frozen=True, slots=True)
class Progress:
    """The state after a step."""

    step: int
    heat_loss: float
    box_loss: float


class Training:
    """A training run; iterate over it, then take `averaged()`. Iterating again after `load` goes on from there."""

    def __init__(self, plan: Plan) -> None:
        torch.set_num_threads(1)
        torch.use_deterministic_algorithms(mode=True)
        torch.manual_seed(plan.seed)
        self._plan, self._done = plan, 0
        self._network = StreetDetector(len(CLASSES))
        if plan.start is not None:
            shown = [lesson(plan.first_picture + index) for index in range(START_PICTURES)]
            start_from(self._network, plan.start, pictures_to_input(shown))
            self._network.stem.requires_grad_(requires_grad=False)
        self._network = self._network.to(memory_format=torch.channels_last)
        learning = [one for one in self._network.parameters() if one.requires_grad]
        self._optimiser = torch.optim.AdamW(learning, lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
        self._average = {name: value.clone() for name, value in self._network.state_dict().items()}

    def __iter__(self) -> Iterator[Progress]:
        """Train step by step; after `load` the pictures of the steps before are drawn again and passed over."""
        plan = self._plan
        highest = LEARNING_RATE if plan.start is None else LEARNING_RATE_ON
        self._network.train()
        if plan.start is not None:
            self._network.stem.eval()
        stream = batches(plan.seed, plan.first_picture, BATCH)
        for step, batch in zip(range(1, plan.steps + 1), stream, strict=False):
            if step <= self._done:
                continue
            for group in self._optimiser.param_groups:
                group["lr"] = highest * rate_share(step, plan.steps)
            heat, box = self._learn(batch)
            self._follow(step)
            self._done = step
            yield Progress(step, heat, box)

    def save(self, path: Path) -> None:
        """Write a checkpoint; the file is whole or the one before."""
        state = {
            "plan": self._plan.words(),
            "step": self._done,
            "network": self._network.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "average": self._average,
        }
        partial = path.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(path)

    def load(self, path: Path) -> None:
        """Take up a checkpoint; raises TrainingRefused if it is none, or one of another plan."""
        try:
            state = torch.load(path, weights_only=True)
            made_by = state["plan"]
        except (OSError, RuntimeError, UnpicklingError, EOFError, KeyError, TypeError):
            raise TrainingRefused(f"{path} is no checkpoint; --resume takes a training.pt") from None
        if made_by != self._plan.words():
            raise TrainingRefused(f"{path} is of a training with {made_by}, this one is {self._plan.words()}")
        self._network.load_state_dict(state["network"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._average, self._done = state["average"], state["step"]

    def averaged(self) -> StreetDetector:
        """Return the network with the moving average of all weights, ready to be asked."""
        network = StreetDetector(len(CLASSES))
        network.load_state_dict(self._average)
        return network.eval()

    def _learn(self, batch: list[Sample]) -> tuple[float, float]:
        heat, sides = self._network(pictures_to_input(batch))
        targets = make_targets([one.boxes for one in batch], len(CLASSES), HEIGHT // STRIDE, WIDTH // STRIDE)
        heat_part, box_part = heat_loss(heat, targets.heat), box_loss(sides, targets)
        self._optimiser.zero_grad()
        (heat_part + BOX_WEIGHT * box_part).backward()
        nn.utils.clip_grad_norm_(self._network.parameters(), GRADIENT_MAX)
        self._optimiser.step()
        return heat_part.item(), box_part.item()

    @torch.no_grad()
    def _follow(self, step: int) -> None:
        longest = 1 - AVERAGE_STEPS_SHARE / max(AVERAGE_STEPS_SHARE, self._plan.steps)
        decay = min(longest, step / (step + AVERAGE_LAG_STEPS))
        for name, value in self._network.state_dict().items():
            if value.is_floating_point():
                self._average[name].lerp_(value, 1 - decay)
            else:
                self._average[name].copy_(value)


def rate_share(step: int, steps: int) -> float:
    """Return the part of the highest rate at a step (1..steps): a short warm-up, then a cosine down to a hundredth."""
    warmth = min(1.0, step / WARM_UP_STEPS)
    return warmth * (0.5 * (1 + float(np.cos(np.pi * (step - 1) / steps))) + 0.01)


def pictures_to_input(batch: list[Sample]) -> Tensor:
    """Return BGR pictures as the network takes them: [n, 3, h, w] RGB in 0..1."""
    rgb = np.ascontiguousarray(np.stack([one.image for one in batch])[..., ::-1])
    pictures = torch.from_numpy(rgb).permute(0, 3, 1, 2).float() / 255
    return pictures.contiguous(memory_format=torch.channels_last)

"""Trains the network: every choice from the seed, the schedule counted in steps, one thread."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from provisioning.detector.batches import batches
from provisioning.detector.loss import BOX_WEIGHT, box_loss, heat_loss, make_targets
from provisioning.detector.network import STRIDE, StreetDetector
from provisioning.simulator.pictures import CLASSES, HEIGHT, WIDTH, Sample

BATCH = 16
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 5e-4
WARM_UP_STEPS = 80
GRADIENT_MAX = 10.0
AVERAGE_MAX = 0.998
AVERAGE_LAG_STEPS = 60

PICTURES_PER_SEED = 1_000_000
SEED_MAX = 8
"""Seed n draws the pictures from n million on; the evaluation owns those from ten million on."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train and from which seed (0..SEED_MAX)."""

    steps: int
    seed: int


@dataclass(frozen=True, slots=True)
class Progress:
    """The state after a step."""

    step: int
    heat_loss: float
    box_loss: float


class Training:
    """A training run; iterate over it, then take `averaged()`."""

    def __init__(self, plan: Plan) -> None:
        torch.set_num_threads(1)
        torch.use_deterministic_algorithms(mode=True)
        torch.manual_seed(plan.seed)
        self._plan = plan
        self._network = StreetDetector(len(CLASSES)).to(memory_format=torch.channels_last)
        self._optimiser = torch.optim.AdamW(self._network.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
        self._average = {name: value.clone() for name, value in self._network.state_dict().items()}

    def __iter__(self) -> Iterator[Progress]:
        """Train step by step."""
        stream = batches(self._plan.seed, self._plan.seed * PICTURES_PER_SEED, BATCH)
        self._network.train()
        for step, batch in zip(range(1, self._plan.steps + 1), stream, strict=False):
            for group in self._optimiser.param_groups:
                group["lr"] = learning_rate(step, self._plan.steps)
            heat, box = self._learn(batch)
            self._follow(step)
            yield Progress(step, heat, box)

    def averaged(self) -> StreetDetector:
        """Return the network with the moving average of all weights, ready to be asked."""
        network = StreetDetector(len(CLASSES))
        network.load_state_dict(self._average)
        return network.eval()

    def _learn(self, batch: list[Sample]) -> tuple[float, float]:
        with torch.autocast("cpu", torch.bfloat16):
            heat, sides = self._network(pictures_to_input(batch))
        targets = make_targets([one.boxes for one in batch], len(CLASSES), HEIGHT // STRIDE, WIDTH // STRIDE)
        heat_part, box_part = heat_loss(heat.float(), targets.heat), box_loss(sides.float(), targets)
        self._optimiser.zero_grad()
        (heat_part + BOX_WEIGHT * box_part).backward()
        nn.utils.clip_grad_norm_(self._network.parameters(), GRADIENT_MAX)
        self._optimiser.step()
        return heat_part.item(), box_part.item()

    @torch.no_grad()
    def _follow(self, step: int) -> None:
        decay = min(AVERAGE_MAX, step / (step + AVERAGE_LAG_STEPS))
        for name, value in self._network.state_dict().items():
            if value.is_floating_point():
                self._average[name].lerp_(value, 1 - decay)
            else:
                self._average[name].copy_(value)


def learning_rate(step: int, steps: int) -> float:
    """Return the rate of a step (1..steps): a short warm-up, then a cosine down to a hundredth."""
    warmth = min(1.0, step / WARM_UP_STEPS)
    return LEARNING_RATE * warmth * (0.5 * (1 + float(np.cos(np.pi * (step - 1) / steps))) + 0.01)


def pictures_to_input(batch: list[Sample]) -> Tensor:
    """Return BGR pictures as the network takes them: [n, 3, h, w] RGB in 0..1."""
    rgb = np.ascontiguousarray(np.stack([one.image for one in batch])[..., ::-1])
    pictures = torch.from_numpy(rgb).permute(0, 3, 1, 2).float() / 255
    return pictures.contiguous(memory_format=torch.channels_last)

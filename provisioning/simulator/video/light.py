"""What changes the whole picture: gain that jumps or drifts, shadow edges and clouds, a camera that shakes or turns."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from provisioning.simulator.drawing.canvas import Picture
from provisioning.simulator.video.acts.act import look_of
from provisioning.simulator.video.script import Episode, Kind, Script

DRIFT_SHARE, DRIFT_S = 0.18, 160.0
"""Slow drift goes up and down by this share with this period."""
TURN_S = 2.0
"""A camera that looks elsewhere takes so long to turn, and to turn back."""
SHAKE_PX = 2.5

_JUMPS = (0.65, 0.75, 1.3, 1.45)
_SHADOW_KEEPS, _CLOUD_KEEPS = 0.62, 0.7
_EDGE_PX, _CLOUD_EDGE_PX = 8, 160
_CLOUD_CROSSES_S, _CLOUD_EVERY_S, _CLOUD_WIDTHS = 14.0, 45.0, 0.75
_SHADOW_PICTURES, _CLOUD_PICTURES = 2, 3
_SLANT = 0.35


@dataclass(frozen=True, slots=True)
class _Layer:
    """An episode of shade: a mask wider than the picture, of which a window is seen."""

    episode: Episode
    mask: Picture
    from_left: bool


class Light:
    """The changes of one script, prepared for pictures of one size."""

    def __init__(self, script: Script, seed: int, width: int, height: int) -> None:
        self._episodes = [(look_of(seed, index), episode) for index, episode in enumerate(script.episodes)]
        self._size = width, height
        self._layers = tuple(self._prepared())

    def gain(self, t_s: float) -> float:
        """Return how many times as bright the picture is at that second."""
        gain = 1.0
        for look, episode in self._now(t_s):
            if episode.kind is Kind.LIGHT_JUMP:
                gain *= _JUMPS[look % len(_JUMPS)]
            elif episode.kind is Kind.LIGHT_DRIFT:
                gain *= 1 + DRIFT_SHARE * float(np.sin(2 * np.pi * (t_s - episode.start_s) / DRIFT_S))
        return gain

    def shaded(self, picture: Picture, t_s: float) -> Picture:
        """Return the picture in the shade that lies over it at that second."""
        for layer in self._layers:
            if layer.episode.start_s <= t_s < layer.episode.end_s:
                picture = np.asarray(cv2.multiply(picture, self._window(layer, t_s), scale=1 / 255), np.uint8)
        return picture

    def moved(self, picture: Picture, t_s: float, number: int) -> Picture:
        """Return the picture as a camera that trembles in the wind sees it; frame `number` chooses how."""
        shakes = [look for look, episode in self._now(t_s) if episode.kind is Kind.SHAKE]
        if not shakes:
            return picture
        rng = np.random.default_rng([shakes[0], number])
        right, down = rng.normal(0, SHAKE_PX / 2, 2).clip(-SHAKE_PX, SHAKE_PX)
        move = np.array([[1, 0, right], [0, 1, down]], np.float32)
        moved = cv2.warpAffine(picture, move, self._size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(moved, np.uint8)

    def turned(self, t_s: float) -> float:
        """Return how far the camera has turned to another view, 0..1."""
        shares = [
            min(1.0, (t_s - episode.start_s) / TURN_S, (episode.end_s - t_s) / TURN_S)
            for _, episode in self._now(t_s)
            if episode.kind is Kind.ELSEWHERE
        ]
        return max(shares, default=0.0)

    def _now(self, t_s: float) -> Iterator[tuple[int, Episode]]:
        return ((look, episode) for look, episode in self._episodes if episode.start_s <= t_s < episode.end_s)

    def _prepared(self) -> Iterator[_Layer]:
        for look, episode in self._episodes:
            if episode.kind in {Kind.SHADOW_EDGE, Kind.CLOUD}:
                yield _Layer(episode, self._mask(look, cloud=episode.kind is Kind.CLOUD), from_left=bool(look % 2))

    def _mask(self, look: int, *, cloud: bool) -> Picture:
        """Shade to the left, light to the right of a slanted edge; a cloud is light again further left."""
        width, height = self._size
        rng = np.random.default_rng([look, 71])
        slant, pictures = rng.uniform(-_SLANT, _SLANT) * height, _CLOUD_PICTURES if cloud else _SHADOW_PICTURES
        edge = (pictures - 1) * width + slant * np.linspace(-0.5, 0.5, height)[:, None]
        soft, keeps = (_CLOUD_EDGE_PX, _CLOUD_KEEPS) if cloud else (_EDGE_PX, _SHADOW_KEEPS)
        across = np.arange(pictures * width)[None, :]
        lit = np.clip((across - edge) / soft + 0.5, 0, 1)
        if cloud:
            lit = np.maximum(lit, np.clip((edge - _CLOUD_WIDTHS * width - across) / soft + 0.5, 0, 1))
        grey = ((keeps + (1 - keeps) * lit) * 255).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=2)

    def _window(self, layer: _Layer, t_s: float) -> Picture:
        """A shadow's edge needs the whole episode to cross the picture, a cloud passes again and again."""
        width, since = self._size[0], t_s - layer.episode.start_s
        passed = since / (layer.episode.end_s - layer.episode.start_s)
        if layer.episode.kind is Kind.CLOUD:
            passed = min(1.0, since % _CLOUD_EVERY_S / _CLOUD_CROSSES_S)
        left = int((layer.mask.shape[1] - width) * (1 - passed))
        window = layer.mask[:, left : left + width]
        return np.ascontiguousarray(window if layer.from_left else window[:, ::-1])

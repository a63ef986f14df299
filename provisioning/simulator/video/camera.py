"""One simulated camera over time: `frame(t)` is its picture, `ground_truth(t)` says what is where."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from provisioning.simulator.drawing.canvas import Box, Canvas, Picture, Spot
from provisioning.simulator.drawing.figures import draw_bike, draw_car, draw_person
from provisioning.simulator.drawing.ground import PERSON_M, Ground
from provisioning.simulator.drawing.street import OVERSAMPLING, build_street, ground_of
from provisioning.simulator.pictures import BIKE, CAR, CLASSES, DRAW, PERSON, SHADOW_M, VISIBLE_MIN
from provisioning.simulator.video.actors import STEPS_IN_CYCLE, Present, cast, passers_by, present_actors
from provisioning.simulator.video.lens import black, build_lens, covered, through
from provisioning.simulator.video.script import Kind, Script
from provisioning.simulator.video.sprites import Sprite, lay, make_sprite, sign

FIRST_CAMERA = 20_000_000
"""Streets from this seed on are shown as video; training and evaluation pictures never show them."""
SPRITES_MAX = 256

_VIEWS_PER_SEED = 1_000
_PERSON_SHARE = (0.15, 0.24)
_PAVEMENT_MIN = 0.28
_TILT_MAX = 0.08
_FRAME_SHARE_MIN = 0.35
_HEADROOM_M = 3.0


@dataclass(frozen=True, slots=True)
class SeenObject:
    """An object that the frame shows: class name, box x1, y1, x2, y2 in 0..1 of the frame, share not hidden.

    `episode` is the index in the script, None for passers-by; `moving` tells arriving from standing.
    """

    name: str
    label: str
    box: tuple[float, float, float, float]
    visible: float
    moving: bool
    episode: int | None


@dataclass(frozen=True, slots=True)
class Truth:
    """What is in front of the camera at a scene second, and `picture`: normal, or how the camera fails to show it."""

    t_s: float
    picture: str
    objects: tuple[SeenObject, ...]


class StreetCamera:
    """A fixed camera of `size` (width, height; even). Frames are BGR uint8 and depend on the arguments alone."""

    def __init__(self, script: Script, seed: int, size: tuple[int, int], fps: float, *, loop: bool = False) -> None:
        width, height = size
        self._script, self._seed, self._fps, self._loop = script, seed, fps, loop
        street = build_street(watched_view(seed, width, height), width, height)
        self._ground = street.ground
        self._empty = np.asarray(cv2.resize(street.background, size, interpolation=cv2.INTER_AREA), np.uint8)
        self._actors = cast(script, self._ground, seed)
        self._lens = build_lens(script.weather, seed, width, height)
        self._sprites: OrderedDict[tuple[int, ...], Sprite] = OrderedDict()

    def frame(self, t_s: float) -> Picture:
        """Return the picture at scene second `t_s` (before 0: nothing has happened yet)."""
        scene_s = self._scene_second(t_s)
        fault = self._script.fault_at(scene_s)
        if fault is not None and fault.kind is Kind.FROZEN:
            t_s, scene_s = t_s - scene_s + fault.start_s, fault.start_s
        number = round(t_s * self._fps)
        if fault is not None and fault.kind is Kind.BLACK:
            return black(self._lens, self._empty.shape, number)
        if fault is not None and fault.kind is Kind.COVERED:
            return covered(self._lens, self._empty.shape, number)
        clean = self._empty.copy()
        for one in self._present(t_s, scene_s):
            lay(clean, self._sprite(one), *self._position(one))
        return through(self._lens, clean, t_s, number)

    def ground_truth(self, t_s: float) -> Truth:
        """Return what stands or moves in front of the camera; hidden and outside parts count as the labels do."""
        scene_s = self._scene_second(t_s)
        fault = self._script.fault_at(scene_s)
        owners = np.zeros(self._empty.shape[:2], np.uint8)
        present = self._present(t_s, scene_s)
        painted = [
            sign(owners, self._sprite(one), *self._position(one), owner) for owner, one in enumerate(present, start=1)
        ]
        left = np.bincount(owners.ravel(), minlength=len(present) + 1)
        seen = [self._seen(one, painted[i], int(left[i + 1])) for i, one in enumerate(present)]
        picture = "normal" if fault is None else str(fault.kind)
        return Truth(t_s, picture, tuple(one for one in seen if one is not None))

    def _scene_second(self, t_s: float) -> float:
        return t_s % self._script.length_s if self._loop and t_s >= 0 else t_s

    def _present(self, t_s: float, scene_s: float) -> list[Present]:
        everybody = present_actors(self._actors, self._ground, scene_s)
        everybody += passers_by(self._script, self._ground, self._seed, t_s)
        return sorted(everybody, key=lambda one: one.base)

    def _position(self, one: Present) -> tuple[float, float]:
        return one.x / OVERSAMPLING, self._ground.row(one.x, one.base) / OVERSAMPLING

    def _sprite(self, one: Present) -> Sprite:
        scale = self._ground.scale(one.base)
        step = one.step if one.kind == PERSON and one.moving else -1
        key = (one.kind, one.look, one.facing, step, round(scale * 16))
        known = self._sprites.get(key)
        if known is None:
            known = make_sprite(_drawing(one, step), scale, SHADOW_M[one.kind][0])
            if len(self._sprites) >= SPRITES_MAX:
                self._sprites.popitem(last=False)
        else:
            self._sprites.move_to_end(key)
        self._sprites[key] = known
        return known

    def _seen(self, one: Present, painted: int, left: int) -> SeenObject | None:
        height, width = self._empty.shape[:2]
        x, y = self._position(one)
        extent = self._sprite(one).extent
        whole = Box(extent.x1 + x, extent.y1 + y, extent.x2 + x, extent.y2 + y)
        inside = whole.clipped(width, height)
        if painted == 0 or left < VISIBLE_MIN * painted or inside.area < _FRAME_SHARE_MIN * whole.area:
            return None
        box = inside.x1 / width, inside.y1 / height, inside.x2 / width, inside.y2 / height
        return SeenObject(one.name, CLASSES[one.kind], box, left / painted, one.moving, one.episode)


def _drawing(one: Present, step: int) -> Callable[[Canvas, Spot], None]:
    facing = one.facing or None

    def draw(canvas: Canvas, spot: Spot) -> None:
        rng = np.random.default_rng(one.look)
        match one.kind:
            case kind if kind == PERSON:
                stride = 0.3 if step < 0 else float(np.sin(2 * np.pi * step / STEPS_IN_CYCLE))
                draw_person(canvas, rng, spot, stride=stride, facing=facing)
            case kind if kind == BIKE:
                draw_bike(canvas, rng, spot, facing=facing)
            case kind if kind == CAR:
                draw_car(canvas, rng, spot, facing=facing)
            case kind:
                DRAW[kind](canvas, rng, spot)

    return draw


def watched_view(seed: int, width: int, height: int) -> int:
    """Return the first street of this seed that somebody would hang a camera for: a broad pavement, people not tiny."""
    first = FIRST_CAMERA + seed * _VIEWS_PER_SEED
    streets = range(first, first + _VIEWS_PER_SEED)
    return next((street for street in streets if _is_watchable(ground_of(street, width, height))), first)


def _is_watchable(ground: Ground) -> bool:
    """Tell whether people have a good size, the pavement is broad and an umbrella near the wall fits into the frame."""
    person = PERSON_M * ground.scale(ground.base(0.6)) / ground.height
    back = ground.base(0.35)
    headroom = back - _HEADROOM_M * ground.scale(back)
    broad = (ground.kerb - ground.wall) / ground.height >= _PAVEMENT_MIN
    level = abs(ground.tilt) <= _TILT_MAX and headroom > 0
    return broad and level and _PERSON_SHARE[0] <= person <= _PERSON_SHARE[1]

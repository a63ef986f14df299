"""One simulated camera over time: `frame(t)` is its picture, `ground_truth(t)` says what is where."""

from collections import OrderedDict
from dataclasses import dataclass

import cv2
import numpy as np

from provisioning.simulator.drawing.canvas import Box, Picture
from provisioning.simulator.drawing.ground import PERSON_M, Ground
from provisioning.simulator.drawing.street import OVERSAMPLING, Street, build_street, ground_of
from provisioning.simulator.pictures import VISIBLE_MIN
from provisioning.simulator.video.actors import Present, passers_by, present_actors
from provisioning.simulator.video.acts import Actor, cast
from provisioning.simulator.video.fixtures import Places, fixtures_of, furnish, places_of
from provisioning.simulator.video.lens import black, build_lens, covered, through
from provisioning.simulator.video.light import Light
from provisioning.simulator.video.script import Kind, Script
from provisioning.simulator.video.sprites import Sprite, lay, lower_part, make_sprite, sign
from provisioning.simulator.video.things import SHAPES, Appearance, drawing
from provisioning.simulator.video.truths import Edges, EpisodeTruth, truths_of
from provisioning.simulator.video.wet import darkened, wettings

FIRST_CAMERA = 20_000_000
"""Streets from this seed on are shown as video; training and evaluation pictures never show them."""
SPRITES_MAX = 256

_VIEWS_PER_SEED = 1_000
_PERSON_SHARE = (0.15, 0.24)
_PAVEMENT_MIN = 0.28
_TILT_MAX = 0.08
_FRAME_SHARE_MIN = 0.35
_HEADROOM_M = 3.0
_CLIMB_STEP = 2.0


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
        self._fixtures = fixtures_of(self._ground, seed)
        self._empty = _empty(street, seed, size, furnished=script.has_fixtures)
        self._actors = cast(script, self._ground, self._fixtures, seed)
        self._wet = wettings(script, self._ground, seed)
        self._light = Light(script, seed, width, height)
        self._elsewhere = self._other_view(size)
        self._lens = build_lens(script.weather, seed, width, height)
        self._sprites: OrderedDict[tuple[Appearance, int], Sprite] = OrderedDict()

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
        darkened(clean, self._wet, scene_s)
        for one in self._present(t_s, scene_s):
            lay(clean, self._sprite(one), *self._position(one))
        clean = self._light.shaded(self._turned(clean, scene_s), scene_s)
        clean = self._light.moved(clean, scene_s, number)
        return through(self._lens, clean, t_s, number, self._light.gain(scene_s))

    def places(self) -> Places:
        """Return the zones that a technician would draw on this camera."""
        return places_of(self._ground, self._fixtures)

    def episodes(self) -> tuple[EpisodeTruth, ...]:
        """Return what the episodes of the script are, in its order; light and faults are none."""
        return truths_of(self._script, self._ground, self._boxes_of)

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
        if self._light.turned(scene_s) > 0:
            return Truth(t_s, str(Kind.ELSEWHERE), ())
        return Truth(t_s, picture, tuple(one for one in seen if one is not None))

    def _scene_second(self, t_s: float) -> float:
        return t_s % self._script.length_s if self._loop and t_s >= 0 else t_s

    def _present(self, t_s: float, scene_s: float) -> list[Present]:
        everybody = present_actors(self._actors, self._ground, scene_s)
        everybody += passers_by(self._script, self._ground, self._seed, t_s)
        return sorted(everybody, key=lambda one: one.base)

    def _position(self, one: Present) -> tuple[float, float]:
        return one.x / OVERSAMPLING, self._ground.row(one.x, one.base) / OVERSAMPLING

    def _boxes_of(self, index: int, t_s: float) -> tuple[tuple[Edges, ...], tuple[Edges, ...]]:
        """Return the boxes of what episode `index` is about at that second, and of the others, inside the frame."""
        playing = [actor for actor in self._actors if actor.episode == index]
        about = tuple(actor for actor in playing if actor.evidence)
        others = tuple(actor for actor in playing if not actor.evidence)
        return self._boxes(about, t_s), self._boxes(others, t_s)

    def _boxes(self, actors: tuple[Actor, ...], t_s: float) -> tuple[Edges, ...]:
        width, height = self._size
        shown = [self._whole(one).clipped(width, height) for one in present_actors(actors, self._ground, t_s)]
        return tuple((b.x1 / width, b.y1 / height, b.x2 / width, b.y2 / height) for b in shown if b.area > 0)

    @property
    def _size(self) -> tuple[int, int]:
        return self._empty.shape[1], self._empty.shape[0]

    def _other_view(self, size: tuple[int, int]) -> Picture | None:
        """Return what the camera sees when it looks elsewhere, None when it never does."""
        if all(episode.kind is not Kind.ELSEWHERE for episode in self._script.episodes):
            return None
        return _empty(build_street(watched_view(self._seed + 1, *size), *size), self._seed, size, furnished=False)

    def _turned(self, frame: Picture, scene_s: float) -> Picture:
        turned = self._light.turned(scene_s)
        if self._elsewhere is None or turned == 0:
            return frame
        left = int(self._size[0] * turned)
        return np.concatenate([frame[:, left:], self._elsewhere[:, :left]], axis=1)

    def _sprite(self, one: Present) -> Sprite:
        scale = self._ground.scale(one.base)
        if one.climbs:
            scale = max(_CLIMB_STEP, round(scale / _CLIMB_STEP) * _CLIMB_STEP)
        key = (one.appearance, round(scale * 16))
        known = self._sprites.get(key)
        if known is None:
            known = make_sprite(drawing(one.appearance), scale, SHAPES[one.appearance.thing])
            if len(self._sprites) >= SPRITES_MAX:
                self._sprites.popitem(last=False)
        else:
            self._sprites.move_to_end(key)
        self._sprites[key] = known
        return known if one.share >= 1 else lower_part(known, one.share)

    def _whole(self, one: Present) -> Box:
        x, y = self._position(one)
        extent = self._sprite(one).extent
        return Box(extent.x1 + x, extent.y1 + y, extent.x2 + x, extent.y2 + y)

    def _seen(self, one: Present, painted: int, left: int) -> SeenObject | None:
        width, height = self._size
        whole = self._whole(one)
        inside = whole.clipped(width, height)
        if painted == 0 or left < VISIBLE_MIN * painted or inside.area < _FRAME_SHARE_MIN * whole.area:
            return None
        box = inside.x1 / width, inside.y1 / height, inside.x2 / width, inside.y2 / height
        label = SHAPES[one.appearance.thing].label
        return SeenObject(one.name, label, box, left / painted, one.moving, one.episode)


def _empty(street: Street, seed: int, size: tuple[int, int], *, furnished: bool) -> Picture:
    background = furnish(street.background, street.ground, seed) if furnished else street.background
    return np.asarray(cv2.resize(background, size, interpolation=cv2.INTER_AREA), np.uint8)


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

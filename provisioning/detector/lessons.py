"""The training pictures: by number a usual moment, a crowded one with more of the rare classes, or a camera's frame."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from os import nice

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from provisioning.simulator.drawing.canvas import Picture
from provisioning.simulator.drawing.colours import happens
from provisioning.simulator.drawing.street import Street, build_street
from provisioning.simulator.drawing.weather import compress, expose
from provisioning.simulator.pictures import CLASSES, GOODS, HEIGHT, WIDTH, Crowd, Sample, draw_moment, sample
from provisioning.simulator.video.camera import StreetCamera, Truth
from provisioning.simulator.video.script import Episode, Kind, Place, Script, Weather

PAD = 114
"""Grey of the bars that a letterbox leaves."""
WIDE_BAR_PX = 11
"""Height of those bars above and below a 16:9 picture."""

PICTURES_PER_SEED = 1_000_000
SEED_MAX = 8
"""Training seed n draws the pictures from n million on; those from ten million on are frozen for the evaluation."""
FIRST_CAMERA_SEED = 15_000_000
"""Seeds of the cameras whose frames are lessons: far from those of any scene that is played or scored."""
CROWD = Crowd((0.2, 0.14, 0.1, 0.1, 0.27, 0.19), 6, 17)
AHEAD_MAX = 32
"""Pictures drawn ahead of the training."""

_BLOCK = 4
_USUAL, _CAMERA, _CYCLE = (0, 4), (1, 3, 5, 7), 8
"""Of each eight blocks of four pictures two are usual, four are a camera's, two are crowded."""
_LESSON = 61
_FRAME = (640, 360)
_SIDE_MIN_PX = 4
_NICER = 4
_THINGS = (
    Kind.STALL, Kind.BIKES, Kind.RUBBISH, Kind.GOODS, Kind.PERSON, Kind.VENDOR, Kind.PASSING_VENDOR,
    Kind.STANDING_STALL, Kind.STANDING_STALL, Kind.SHOP_GOODS, Kind.SHOP_GOODS, Kind.DOORWAY_GOODS, Kind.BIKE_PILE,
    Kind.FEW_BIKES, Kind.BIKE, Kind.VEHICLE, Kind.LITTER, Kind.LITTER, Kind.LITTER, Kind.BAG_ATTENDED,
    Kind.DUMP_SOLID, Kind.DUMP_SOLID, Kind.DUMP_SOLID, Kind.DUMP_SOLID, Kind.DUMP_LIQUID, Kind.DUMP_LIQUID,
    Kind.SPRINKLER, Kind.BIN_OVERFLOW, Kind.BIN_OVERFLOW, Kind.BIN_USE, Kind.HEAP, Kind.HEAP, Kind.HEAP, Kind.HEAP,
    Kind.UNLOADING, Kind.UNLOADING, Kind.LOITERERS, Kind.CROWD, Kind.CROWD,
)  # fmt: skip
"""Each kind of episode, those more often that are hard to see. A puddle and a sprinkler have no class: they are there
so as to be passed over."""
_ALSO = {"heap": CLASSES[GOODS]}
"""Names of the ground truth that are a class by another name: material in a heap is goods."""
_HARD = (Kind.LIGHT_JUMP, Kind.SHADOW_EDGE, Kind.CLOUD, Kind.WET_ROAD)
_LIGHTS = (Weather.CLEAR, Weather.CLEAR, Weather.CLEAR, Weather.NIGHT, Weather.RAIN, Weather.FOG)


def lesson(number: int) -> Sample:
    """Return training picture `number`; the same number gives the same pixels and boxes."""
    block = number // _BLOCK
    if block % _CYCLE in _USUAL:
        return sample(number)
    rng = np.random.default_rng([number, _LESSON])
    if block % _CYCLE in _CAMERA:
        return camera_moment(_camera(block), rng)
    return draw_moment(_street(number // 2), rng, CROWD)


def camera_seed(number: int) -> int:
    """Return the seed of the camera that takes lesson `number`, if a camera takes it."""
    return FIRST_CAMERA_SEED + number // _BLOCK


@lru_cache(maxsize=1)
def _street(seed: int) -> Street:
    return build_street(seed, WIDTH, HEIGHT)


@lru_cache(maxsize=1)
def _camera(block: int) -> StreetCamera:
    return StreetCamera(
        _random_script(np.random.default_rng([block, _LESSON])), camera_seed(block * _BLOCK), _FRAME, 10
    )


def _random_script(rng: Generator) -> Script:
    """Return a minute with three to nine things at random places; in a fifth of them the street is full of walkers."""
    episodes = []
    for _ in range(int(rng.integers(3, 10))):
        kind, start = _THINGS[int(rng.integers(len(_THINGS)))], rng.uniform(0, 35)
        place = Place(rng.uniform(0.03, 0.97), rng.uniform(0.0, 1.1))
        episodes.append(Episode(kind, start, start + rng.uniform(15, 50), place))
    if happens(rng, 0.3):
        episodes.append(Episode(_HARD[int(rng.integers(len(_HARD)))], 0.0, 80.0))
    light = _LIGHTS[int(rng.integers(len(_LIGHTS)))]
    walkers = int(rng.integers(12, 21) if happens(rng, 0.2) else rng.integers(0, 9))
    furnished = happens(rng, 0.7)
    return Script("lesson", 80.0, walkers, int(rng.integers(0, 3)), light, tuple(episodes), furnished=furnished)


def camera_moment(camera: StreetCamera, rng: Generator) -> Sample:
    """Return a frame at a random second as the agent gives it to the model; half of them in another light."""
    t_s = rng.uniform(10, 70)
    frame = camera.frame(t_s)
    if happens(rng, 0.5):
        frame = expose(frame, rng, night=False)
    elif happens(rng, 0.7):
        frame = compress(frame, int(rng.integers(30, 92)))
    return Sample(wide_picture(frame), boxes_of(camera.ground_truth(t_s)))


def wide_picture(frame: Picture) -> Picture:
    """Return a 16:9 frame in the size of the network's input, with grey bars above and below."""
    picture = np.full((HEIGHT, WIDTH, 3), PAD, np.uint8)
    inner = (WIDTH, HEIGHT - 2 * WIDE_BAR_PX)
    picture[WIDE_BAR_PX : HEIGHT - WIDE_BAR_PX] = cv2.resize(frame, inner, interpolation=cv2.INTER_LINEAR)
    return picture


def boxes_of(truth: Truth) -> NDArray[np.float32]:
    """Return what a frame shows as boxes of `wide_picture`, without what has no class or is tiny."""
    named = ((_ALSO.get(one.label, one.label), one.box) for one in truth.objects)
    rows = [(CLASSES.index(name), *box) for name, box in named if name in CLASSES]
    boxes = np.array(rows, np.float32).reshape(-1, 5)
    boxes[:, 1:] *= np.array([WIDTH, HEIGHT - 2 * WIDE_BAR_PX] * 2, np.float32)
    boxes[:, [2, 4]] += WIDE_BAR_PX
    wide, high = boxes[:, 3] - boxes[:, 1], boxes[:, 4] - boxes[:, 2]
    return boxes[(wide >= _SIDE_MIN_PX) & (high >= _SIDE_MIN_PX)]


def lessons(first: int) -> Iterator[Sample]:
    """Yield the pictures from number `first` on for ever, in order; a second process of low priority draws ahead."""
    drawing = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=nice, initargs=(_NICER,))
    ahead: deque[Future[Sample]] = deque()
    number = first
    try:
        while True:
            while len(ahead) < AHEAD_MAX:
                ahead.append(drawing.submit(lesson, number))
                number += 1
            yield ahead.popleft().result()
    finally:
        drawing.shutdown(cancel_futures=True)

"""What the episodes of a script are to whoever watches the street: finding or not, of which scene, when and where."""

from collections.abc import Callable
from dataclasses import dataclass

from provisioning.simulator.drawing.ground import Ground
from provisioning.simulator.video.acts.bikes import PILE_LIMIT
from provisioning.simulator.video.acts.people import CROWD_LIMIT
from provisioning.simulator.video.script import Episode, Kind, Script
from provisioning.simulator.video.wet import FLAT

Edges = tuple[float, float, float, float]

_PUDDLE_M = 1.05

ALWAYS_ALSO: dict[str, frozenset[str]] = {
    "exposed_rubbish": frozenset({"dumping"}),
    "dumping": frozenset({"exposed_rubbish"}),
    "bin_overflow": frozenset({"dumping", "exposed_rubbish"}),
}
"""What else a finding of a scene rightly is: a bag thrown down was dumped, and is exposed rubbish."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """`scene` that it is, or only looks like when it is not a `finding`; `zone`: an attribute of `Places`."""

    scene: str
    finding: bool
    zone: str


def _finding(scene: str, zone: str = "pavement") -> Meaning:
    return Meaning(scene, finding=True, zone=zone)


def _lookalike(scene: str, zone: str = "pavement") -> Meaning:
    return Meaning(scene, finding=False, zone=zone)


MEANINGS: dict[Kind, Meaning] = {
    Kind.STALL: _finding("mobile_vendor"),
    Kind.VENDOR: _finding("mobile_vendor"),
    Kind.PASSING_VENDOR: _lookalike("mobile_vendor"),
    Kind.STANDING_STALL: _finding("road_occupation"),
    Kind.GOODS: _finding("out_of_store", "before_shop"),
    Kind.SHOP_GOODS: _finding("out_of_store", "before_shop"),
    Kind.DOORWAY_GOODS: _lookalike("out_of_store", "shop"),
    Kind.BIKES: _finding("bike_pileup", "bay"),
    Kind.BIKE_PILE: _finding("bike_pileup", "bay"),
    Kind.FEW_BIKES: _lookalike("bike_pileup", "bay"),
    Kind.BIKE: _finding("bike_parking", "no_parking"),
    Kind.BIKE_STOP: _lookalike("bike_parking", "no_parking"),
    Kind.VEHICLE: _finding("vehicle_parking"),
    Kind.VEHICLE_STOP: _lookalike("vehicle_parking"),
    Kind.RUBBISH: _finding("exposed_rubbish"),
    Kind.LITTER: _finding("exposed_rubbish"),
    Kind.BAG_ATTENDED: _lookalike("exposed_rubbish"),
    Kind.DUMP_SOLID: _finding("dumping"),
    Kind.DUMP_LIQUID: _finding("dumping"),
    Kind.WET_ROAD: _lookalike("dumping"),
    Kind.SPRINKLER: _lookalike("dumping", "carriageway"),
    Kind.BIN_OVERFLOW: _finding("bin_overflow", "bin"),
    Kind.BIN_USE: _lookalike("bin_overflow", "bin"),
    Kind.HEAP: _finding("material_heap"),
    Kind.UNLOADING: _lookalike("material_heap"),
    Kind.CROWD: _finding("crowd"),
    Kind.LOITERERS: _lookalike("crowd"),
    Kind.PERSON: _lookalike("crowd"),
}
"""Kinds that are not here change the picture and mean nothing."""

LIMITS = {"bike_pileup": PILE_LIMIT, "crowd": CROWD_LIMIT}
"""So many things of one episode make a finding; fewer do not."""


@dataclass(frozen=True, slots=True)
class EpisodeTruth:
    """Episode `index` of the script: from `start_s` it stands where it stands, until `end_s` (scene seconds).

    `box` (fractions of the picture) holds all of it, also what is hidden; None when it lies outside. `company`: boxes
    of those who stand there with it. `also`: scenes that may rightly be told as well.
    """

    index: int
    kind: Kind
    scene: str
    finding: bool
    zone: str
    start_s: float
    end_s: float
    box: Edges | None
    boxes: tuple[Edges, ...]
    company: tuple[Edges, ...]
    also: frozenset[str]


BoxesAt = Callable[[int, float], tuple[tuple[Edges, ...], tuple[Edges, ...]]]
"""Boxes of what an episode (its index) is about at a scene second, and of the others who play in it."""


def truths_of(script: Script, ground: Ground, boxes_at: BoxesAt) -> tuple[EpisodeTruth, ...]:
    """Return what the episodes of a script are, without those that mean nothing."""
    return tuple(
        _truth(index, episode, ground, boxes_at)
        for index, episode in enumerate(script.episodes)
        if episode.kind in MEANINGS
    )


def _truth(index: int, episode: Episode, ground: Ground, boxes_at: BoxesAt) -> EpisodeTruth:
    meaning = MEANINGS[episode.kind]
    middle_s = (episode.start_s + episode.end_s) / 2
    things, company = boxes_at(index, middle_s)
    boxes = things or _on_the_ground(episode, ground)
    sides = list(zip(*boxes, strict=True))
    around = (min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])) if boxes else None
    zone = meaning.zone
    if meaning.scene == "vehicle_parking" and episode.place is not None and episode.place.depth > 1:
        zone = "carriageway"
    also = ALWAYS_ALSO.get(meaning.scene, frozenset()) if meaning.finding else frozenset()
    return EpisodeTruth(
        index=index,
        kind=episode.kind,
        scene=meaning.scene,
        finding=meaning.finding,
        zone=zone,
        start_s=episode.start_s,
        end_s=episode.end_s,
        box=around,
        boxes=boxes,
        company=company,
        also=also,
    )


def _on_the_ground(episode: Episode, ground: Ground) -> tuple[Edges, ...]:
    """Return the box of a puddle; rain and the water truck wet more than a place."""
    if episode.kind is not Kind.DUMP_LIQUID or episode.place is None:
        return ()
    x, base = episode.place.across * ground.width, ground.base(episode.place.depth)
    metre, y = ground.scale(base), ground.row(x, base)
    right, down = _PUDDLE_M * metre / ground.width, _PUDDLE_M * FLAT * metre / ground.height
    column, row = x / ground.width, y / ground.height
    edges = column - right, row - down, column + right, row + down
    left, top, end, low = (min(max(edge, 0.0), 1.0) for edge in edges)
    return ((left, top, end, low),)

"""What happens in front of a simulated camera, and when: the script is the ground truth.

As a file it reads:

    length_s: 120
    walkers: 4                # up to 20
    cars: 1
    weather: clear            # clear, night, rain, fog
    furnished: true           # paint a shop's door and a bin; kinds that need them bring them
    episodes:
      - {kind: stall, start_s: 10, end_s: 60, place: [0.3, 0.6]}    # across the frame, from wall (0) to kerb (1)
      - {kind: bikes, start_s: 20, end_s: 90, place: [0.6, 0.4]}
      - {kind: frozen, start_s: 70, end_s: 80}                      # the camera fails; no place

Times are scene seconds. What a kind means, and whether it is a finding, stands in `truths.py`:

- vendor, passing_vendor: a carrier rolls in and stays; one that only stops
- standing_stall: a stall set up by hand (from second 0: already there)
- shop_goods, doorway_goods: goods put out of the shop's door, beyond its line or not
- bike_pile, few_bikes, bike, bike_stop: bikes parked one by one
- vehicle, vehicle_stop: a car that stays, a car that only stops
- litter, bag_attended: a bag left alone; one whose owner waits beside it
- dump_solid, dump_liquid, wet_road, sprinkler: something thrown or tipped out; rain; the water truck
- bin_overflow, bin_use: bags on and around the bin; somebody who uses it
- heap, unloading: building material; boxes that are soon carried away
- crowd, loiterers: many or a few people who stand together
- stall, bikes, rubbish, goods, person: one thing that comes, stays and goes
- light_jump, light_drift, shadow_edge, cloud: the light changes; no place
- shake, elsewhere: the camera trembles or looks away; no place
- black, frozen, covered: the camera fails; no place
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

EPISODES_MAX = 1_000
LENGTH_MAX_S = 86_400.0
SCRIPT_BYTES_MAX = 262_144
SCRIPT_DEPTH_MAX = 32
ERRORS_SHOWN_MAX = 5
FRONT_DEPTH_MAX = 1.2

Share = Annotated[float, Field(ge=0, le=1)]
Depth = Annotated[float, Field(ge=0, le=FRONT_DEPTH_MAX)]


class ScriptProblem(ValueError):
    """A scene script that cannot be played; the text says where the mistake is and what would be right."""


class Kind(StrEnum):
    """What an episode brings: a thing in the street, or a fault of the camera."""

    STALL = "stall"
    BIKES = "bikes"
    RUBBISH = "rubbish"
    GOODS = "goods"
    PERSON = "person"
    VENDOR = "vendor"
    PASSING_VENDOR = "passing_vendor"
    STANDING_STALL = "standing_stall"
    SHOP_GOODS = "shop_goods"
    DOORWAY_GOODS = "doorway_goods"
    BIKE_PILE = "bike_pile"
    FEW_BIKES = "few_bikes"
    BIKE = "bike"
    BIKE_STOP = "bike_stop"
    VEHICLE = "vehicle"
    VEHICLE_STOP = "vehicle_stop"
    LITTER = "litter"
    BAG_ATTENDED = "bag_attended"
    DUMP_SOLID = "dump_solid"
    DUMP_LIQUID = "dump_liquid"
    WET_ROAD = "wet_road"
    SPRINKLER = "sprinkler"
    BIN_OVERFLOW = "bin_overflow"
    BIN_USE = "bin_use"
    HEAP = "heap"
    UNLOADING = "unloading"
    CROWD = "crowd"
    LOITERERS = "loiterers"
    LIGHT_JUMP = "light_jump"
    LIGHT_DRIFT = "light_drift"
    SHADOW_EDGE = "shadow_edge"
    CLOUD = "cloud"
    SHAKE = "shake"
    ELSEWHERE = "elsewhere"
    BLACK = "black"
    FROZEN = "frozen"
    COVERED = "covered"

    @property
    def is_fault(self) -> bool:
        """Whether the camera, not the street, is concerned."""
        return self in {Kind.BLACK, Kind.FROZEN, Kind.COVERED}

    @property
    def has_place(self) -> bool:
        """Whether it happens somewhere in the street, and not to the whole picture."""
        return not self.is_fault and self not in _OF_THE_WHOLE_PICTURE

    @property
    def needs_fixtures(self) -> bool:
        """Whether it is played at the shop's door or at the bin."""
        return self in {Kind.SHOP_GOODS, Kind.DOORWAY_GOODS, Kind.BIN_OVERFLOW, Kind.BIN_USE}


_OF_THE_WHOLE_PICTURE = frozenset(
    {
        Kind.LIGHT_JUMP, Kind.LIGHT_DRIFT, Kind.SHADOW_EDGE, Kind.CLOUD, Kind.SHAKE, Kind.ELSEWHERE, Kind.WET_ROAD,
    }
)  # fmt: skip


class Weather(StrEnum):
    """The light of the whole scene."""

    CLEAR = "clear"
    NIGHT = "night"
    RAIN = "rain"
    FOG = "fog"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing stands: `across` 0..1 of the frame's width, `depth` 0 at the wall, 1 at the kerb."""

    across: float
    depth: float


@dataclass(frozen=True, slots=True)
class Episode:
    """Something that is there from `start_s` until `end_s` (scene seconds), at `place` unless it is a camera fault.

    A thing arrives just before `start_s` and leaves after `end_s`: between the two it stands still.
    """

    kind: Kind
    start_s: float
    end_s: float
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """A scene: how long it is, who passes by, the weather, and the episodes in order of their start."""

    name: str
    length_s: float
    walkers: int
    cars: int
    weather: Weather
    episodes: tuple[Episode, ...]
    furnished: bool = False

    @property
    def has_fixtures(self) -> bool:
        """Whether the street shows a shop's door and a bin."""
        return self.furnished or any(episode.kind.needs_fixtures for episode in self.episodes)

    def fault_at(self, t_s: float) -> Episode | None:
        """Return the camera fault at that scene second, if any; the first in the script wins."""
        return next((e for e in self.episodes if e.kind.is_fault and e.start_s <= t_s < e.end_s), None)


class _EpisodeEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Kind
    start_s: float = Field(ge=0, le=LENGTH_MAX_S)
    end_s: float = Field(ge=0, le=LENGTH_MAX_S)
    place: tuple[Share, Depth] | None = None

    @model_validator(mode="after")
    def _is_playable(self) -> "_EpisodeEntry":
        if self.end_s <= self.start_s:
            raise ValueError("end_s must come after start_s")
        if self.kind.is_fault and self.place is not None:
            raise ValueError(f"{self.kind} is a fault of the camera and has no place")
        if not self.kind.has_place and self.place is not None:
            raise ValueError(f"{self.kind} concerns the whole picture and has no place")
        if self.kind.has_place and self.place is None:
            raise ValueError(f"{self.kind} needs a place: [across 0..1, depth 0..{FRONT_DEPTH_MAX}]")
        return self

    def episode(self) -> Episode:
        return Episode(self.kind, self.start_s, self.end_s, None if self.place is None else Place(*self.place))


class _ScriptFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    length_s: float = Field(gt=0, le=LENGTH_MAX_S)
    walkers: int = Field(default=4, ge=0, le=20)
    cars: int = Field(default=1, ge=0, le=6)
    weather: Weather = Weather.CLEAR
    furnished: bool = False
    episodes: list[_EpisodeEntry] = Field(default_factory=list, max_length=EPISODES_MAX)

    @model_validator(mode="after")
    def _fits(self) -> "_ScriptFile":
        late = next((e for e in self.episodes if e.end_s > self.length_s), None)
        if late is not None:
            raise ValueError(f"an episode ends at {late.end_s:g} s, after length_s ({self.length_s:g} s)")
        return self


def load_script(path: Path) -> Script:
    """Read a scene script from a YAML file; raise ScriptProblem naming file, line and key of each mistake."""
    try:
        if path.stat().st_size > SCRIPT_BYTES_MAX:
            raise ScriptProblem(f"{path}: larger than {SCRIPT_BYTES_MAX} bytes, not a scene script")
        yaml = YAML(typ="rt")
        yaml.max_depth = SCRIPT_DEPTH_MAX
        raw = yaml.load(path.read_text(encoding="utf-8"))
    except MaxDepthExceededError as error:
        raise ScriptProblem(f"{path}: nested deeper than {SCRIPT_DEPTH_MAX}, not a scene script") from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ScriptProblem(f"{path}, line {line}: {error.problem}") from error
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise ScriptProblem(f"{path}: cannot be read as YAML text ({error})") from error
    try:
        parsed = _ScriptFile.model_validate(raw)
    except ValidationError as error:
        found = [f"{path}, {_where(raw, each['loc'])}: {each['msg']}" for each in error.errors()[:ERRORS_SHOWN_MAX]]
        raise ScriptProblem("\n".join(found)) from error
    episodes = sorted((entry.episode() for entry in parsed.episodes), key=lambda e: e.start_s)
    return Script(
        path.stem, parsed.length_s, parsed.walkers, parsed.cars, parsed.weather, tuple(episodes), parsed.furnished
    )


def _where(raw: object, keys: Sequence[int | str]) -> str:
    """Return `line 7, episodes.2.end_s` for a key of a loaded document; the deepest line that is known."""
    line, node = 1, raw
    for key in keys:
        marks: Any = getattr(node, "lc", None)
        known: Mapping[Any, Any] = getattr(marks, "data", None) or {}
        if key in known:
            line = int(known[key][0]) + 1
        if isinstance(node, Mapping):
            node = node.get(key)
        elif isinstance(node, Sequence) and isinstance(key, int) and key < len(node):
            node = node[key]
        else:
            break
    path = ".".join(str(key) for key in keys)
    return f"line {line}, {path}" if path else f"line {line}"

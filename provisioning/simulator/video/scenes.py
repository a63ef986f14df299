"""The scenes that need no file: from a street where nothing happens to one where something always does."""

from collections.abc import Callable

from provisioning.simulator.video.script import Episode, Kind, Place, Script, Weather

BUSY_EVERY_S = 4.0
BUSY_STAY_S = 9.0
"""In `busy` a stall arrives every BUSY_EVERY_S and stands still for BUSY_STAY_S, so about two stand at any time."""
BUSY_LENGTH_S = 900.0

_FIRST_S = 4.0
_BUSY_ROUND = ((0.12, 0.45), (0.88, 0.5), (0.38, 0.8), (0.64, 0.7))
"""In turn from the left and the right edge, so that one who leaves does not meet one who comes."""


def quiet() -> Script:
    """Return a scene in which people and a car pass by and nothing happens."""
    return Script("quiet", 600.0, 3, 1, Weather.CLEAR, ())


def street() -> Script:
    """Return a minute and a half in which each kind of finding comes, stays and goes."""
    episodes = (
        Episode(Kind.STALL, 8.0, 45.0, Place(0.3, 0.6)),
        Episode(Kind.RUBBISH, 15.0, 70.0, Place(0.82, 0.7)),
        Episode(Kind.BIKES, 20.0, 80.0, Place(0.5, 0.35)),
        Episode(Kind.GOODS, 30.0, 85.0, Place(0.12, 0.25)),
    )
    return Script("street", 90.0, 4, 1, Weather.CLEAR, episodes)


def busy() -> Script:
    """Return a market: stalls come and go at four places, far more than one camera sees in life."""
    episodes: list[Episode] = []
    start = _FIRST_S
    while start + BUSY_STAY_S <= BUSY_LENGTH_S:
        place = Place(*_BUSY_ROUND[len(episodes) % len(_BUSY_ROUND)])
        episodes.append(Episode(Kind.STALL, start, start + BUSY_STAY_S, place))
        start += BUSY_EVERY_S
    return Script("busy", BUSY_LENGTH_S, 4, 0, Weather.CLEAR, tuple(episodes))


def bikes() -> Script:
    """Return two minutes in which shared bikes pile up and are taken away."""
    return Script("bikes", 120.0, 4, 1, Weather.CLEAR, (Episode(Kind.BIKES, 8.0, 100.0, Place(0.35, 0.6)),))


def rubbish() -> Script:
    """Return two minutes in which rubbish is left in the street and removed."""
    return Script("rubbish", 120.0, 4, 1, Weather.CLEAR, (Episode(Kind.RUBBISH, 8.0, 100.0, Place(0.5, 0.6)),))


def faults() -> Script:
    """Return two minutes in which the camera goes black, freezes and is covered, each for 20 seconds."""
    episodes = (
        Episode(Kind.BLACK, 20.0, 40.0),
        Episode(Kind.FROZEN, 55.0, 75.0),
        Episode(Kind.COVERED, 90.0, 110.0),
    )
    return Script("faults", 120.0, 4, 1, Weather.CLEAR, episodes)


def night_market() -> Script:
    """Return a stall under lamps."""
    return Script("night-market", 90.0, 4, 1, Weather.NIGHT, (Episode(Kind.STALL, 8.0, 70.0, Place(0.45, 0.6)),))


def vendors() -> Script:
    """Return two minutes with a carrier that stays, one that only stops, and a stall that is set up by hand."""
    episodes = (
        Episode(Kind.VENDOR, 14.0, 90.0, Place(0.28, 0.7)),
        Episode(Kind.STANDING_STALL, 25.0, 100.0, Place(0.72, 0.5)),
        Episode(Kind.PASSING_VENDOR, 60.0, 65.0, Place(0.5, 0.85)),
    )
    return Script("vendors", 125.0, 4, 1, Weather.CLEAR, episodes)


def shop_front() -> Script:
    """Return two minutes in which a shop puts goods out, a bin overflows and building material is heaped up."""
    episodes = (
        Episode(Kind.SHOP_GOODS, 12.0, 95.0, Place(0.22, 0.45)),
        Episode(Kind.BIN_USE, 14.0, 17.0, Place(0.92, 0.3)),
        Episode(Kind.BIN_OVERFLOW, 30.0, 100.0, Place(0.92, 0.3)),
        Episode(Kind.HEAP, 32.0, 95.0, Place(0.6, 0.7)),
    )
    return Script("shop-front", 125.0, 4, 1, Weather.CLEAR, episodes)


def parking() -> Script:
    """Return two minutes in which bikes pile up and cars stand on the pavement and at the kerb."""
    episodes = (
        Episode(Kind.VEHICLE, 12.0, 90.0, Place(0.25, 0.8)),
        Episode(Kind.BIKE_PILE, 30.0, 95.0, Place(0.65, 0.35)),
        Episode(Kind.BIKE, 35.0, 90.0, Place(0.6, 0.8)),
        Episode(Kind.VEHICLE_STOP, 60.0, 68.0, Place(0.7, 1.12)),
    )
    return Script("parking", 125.0, 4, 1, Weather.CLEAR, episodes)


def dumping() -> Script:
    """Return three minutes in which rubbish is left, thrown down and tipped out, and a truck waters the road."""
    episodes = (
        Episode(Kind.DUMP_LIQUID, 15.0, 100.0, Place(0.35, 0.4)),
        Episode(Kind.DUMP_SOLID, 30.0, 120.0, Place(0.65, 0.6)),
        Episode(Kind.LITTER, 45.0, 125.0, Place(0.85, 0.8)),
        Episode(Kind.BAG_ATTENDED, 60.0, 90.0, Place(0.2, 0.8)),
        Episode(Kind.SPRINKLER, 100.0, 170.0, Place(0.5, 1.2)),
    )
    return Script("dumping", 180.0, 4, 1, Weather.CLEAR, episodes)


def crowds() -> Script:
    """Return two minutes on a busy street: a few people talk, then a crowd gathers."""
    episodes = (
        Episode(Kind.LOITERERS, 15.0, 90.0, Place(0.25, 0.6)),
        Episode(Kind.CROWD, 30.0, 95.0, Place(0.65, 0.6)),
    )
    return Script("crowds", 120.0, 16, 1, Weather.CLEAR, episodes)


def hard_light() -> Script:
    """Return four minutes in which nothing happens, under every light that a camera finds hard."""
    episodes = (
        Episode(Kind.LIGHT_JUMP, 20.0, 40.0),
        Episode(Kind.CLOUD, 50.0, 90.0),
        Episode(Kind.SHAKE, 95.0, 115.0),
        Episode(Kind.SHADOW_EDGE, 120.0, 200.0),
        Episode(Kind.WET_ROAD, 140.0, 230.0),
        Episode(Kind.ELSEWHERE, 210.0, 225.0),
    )
    return Script("hard-light", 240.0, 4, 1, Weather.CLEAR, episodes)


SCENES: dict[str, Callable[[], Script]] = {
    "quiet": quiet,
    "street": street,
    "busy": busy,
    "bikes": bikes,
    "rubbish": rubbish,
    "faults": faults,
    "night-market": night_market,
    "vendors": vendors,
    "shop-front": shop_front,
    "parking": parking,
    "dumping": dumping,
    "crowds": crowds,
    "hard-light": hard_light,
}
"""By the name given to `--scene`."""

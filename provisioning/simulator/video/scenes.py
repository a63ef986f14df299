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


SCENES: dict[str, Callable[[], Script]] = {
    "quiet": quiet,
    "street": street,
    "busy": busy,
    "bikes": bikes,
    "rubbish": rubbish,
    "faults": faults,
    "night-market": night_market,
}
"""By the name given to `--scene`."""

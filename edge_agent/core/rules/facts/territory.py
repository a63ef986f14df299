"""Whose matter a thing is by where it lies: rubbish at a watched bin is the bin's, goods before a shop the shop's."""

from collections.abc import Sequence

from edge_agent.core.rules.facts.ground import area_share
from edge_agent.core.rules.facts.things import is_surely, outvotes
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look
from edge_agent.core.values import Track
from edge_agent.core.zones import foot_point, share_inside, stands_in
from protocol.geometry import Polygon, contains
from protocol.scenes import ObjectClass

BOX_SHARE_MIN, ZONE_SHARE_MIN = 0.5, 0.3
"""So much of a thing lies in a bin's zone, or it covers so much of the zone: a heap may be larger than the bin."""
CLEARLY = 3.0
"""Before a shop, rubbish is what is called so by this many times the votes for anything that a shop sells."""


def belongs_to_bin(polygon: Polygon, thing: Track) -> bool:
    """Whether a thing lies on the bin, or on the ground beside it that its zone holds.

    What only reaches into the zone stands elsewhere: nearer to the camera, where its lower edge is, or further aside.
    """
    return (
        stands_in(polygon, thing)
        or share_inside(polygon, thing.box) >= BOX_SHARE_MIN
        or area_share(polygon, [thing.box]) >= ZONE_SHARE_MIN
    )


def nobodys(setting: Setting, look: Look, things: Sequence[Track], *, rubbish: bool) -> list[Track]:
    """Those of `things` that are no bin's and no shop's. `rubbish`: what is clearly rubbish is no shop's anyway.

    Water is no shop's; what the detector is sure are goods is no bin's, however near it lies.
    """

    def of_a_bin(thing: Track) -> bool:
        near = any(belongs_to_bin(bin_zone, thing) for bin_zone in setting.bins)
        return near and not is_surely(setting, look, thing, ObjectClass.GOODS)

    def of_the_shop(thing: Track) -> bool:
        return not thing.liquid and of_a_shop(setting, look, thing, rubbish=rubbish)

    return [one for one in things if not of_a_bin(one) and not of_the_shop(one)]


def of_a_shop(setting: Setting, look: Look, thing: Track, *, rubbish: bool = False) -> bool:
    """Whether a thing is a shop's because it stands before it. `rubbish`: what is clearly rubbish is no shop's.

    A region counts by its lower edge too: most of what stands on the door line lies before the wall behind it.
    """
    if not any(stands_in(front, thing) or contains(front, *foot_point(thing.box)) for front in setting.fronts):
        return False
    return not (rubbish and outvotes(setting, look, thing, ObjectClass.RUBBISH, by=CLEARLY))

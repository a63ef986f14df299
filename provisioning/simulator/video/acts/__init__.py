"""Episodes as actors: who comes from where, does what, and goes; one function for each kind of episode."""

from provisioning.simulator.drawing.ground import Ground
from provisioning.simulator.video.acts import bikes, people, plain, refuse, shop, vehicles, vendors
from provisioning.simulator.video.acts.act import Act, Actor, Play, look_of
from provisioning.simulator.video.fixtures import Fixtures
from provisioning.simulator.video.script import Kind, Script

_PLAYS: dict[Kind, Play] = {
    Kind.STALL: plain.stall,
    Kind.BIKES: plain.bikes,
    Kind.RUBBISH: plain.put_down,
    Kind.GOODS: plain.put_down,
    Kind.PERSON: plain.person,
    Kind.VENDOR: vendors.vendor,
    Kind.PASSING_VENDOR: vendors.passing_vendor,
    Kind.STANDING_STALL: vendors.standing_stall,
    Kind.SHOP_GOODS: shop.goods,
    Kind.DOORWAY_GOODS: shop.goods,
    Kind.BIKE_PILE: bikes.pile,
    Kind.FEW_BIKES: bikes.few,
    Kind.BIKE: bikes.one,
    Kind.BIKE_STOP: bikes.one,
    Kind.VEHICLE: vehicles.car,
    Kind.VEHICLE_STOP: vehicles.car,
    Kind.SPRINKLER: vehicles.water_truck,
    Kind.LITTER: refuse.litter,
    Kind.BAG_ATTENDED: refuse.bag_attended,
    Kind.DUMP_SOLID: refuse.dump_solid,
    Kind.DUMP_LIQUID: refuse.dump_liquid,
    Kind.BIN_OVERFLOW: refuse.bin_overflow,
    Kind.BIN_USE: refuse.bin_use,
    Kind.HEAP: shop.heap,
    Kind.UNLOADING: shop.unloading,
    Kind.CROWD: people.crowd,
    Kind.LOITERERS: people.loiterers,
}
"""Kinds without a place have no actors."""


def cast(script: Script, ground: Ground, fixtures: Fixtures, seed: int) -> tuple[Actor, ...]:
    """Return the actors of all episodes."""
    return tuple(
        actor
        for index, episode in enumerate(script.episodes)
        if episode.place is not None
        for actor in _PLAYS[episode.kind](Act(ground, fixtures, episode, episode.place, index, look_of(seed, index)))
    )


__all__ = ["Act", "Actor", "cast", "look_of"]

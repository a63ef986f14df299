"""Things that were put down: what the detector calls so, and static foreground that nothing it knows explains."""

from collections.abc import Iterable, Sequence

from edge_agent.core.rules.facts.standing import stands_since
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look, Stream
from edge_agent.core.values import Track
from edge_agent.core.zones import covered_share
from protocol.geometry import Box
from protocol.scenes import ObjectClass

EXPLAINED_SHARE = 0.5
"""A region of which so much lies in the boxes of things that stand there is these things."""
SURE_SHARE, SURE_SHARE_SHAPELESS = 0.5, 0.3
"""In so many looks something is what it is taken for; a pattern that looks like it for a moment is not."""
STRONG_MIN = 0.55
"""Rubbish and goods have no shape of their own. What looks so but did not come to stand before the empty street is part
of the street, unless the detector's mean vote is this."""
STEADY_MIN = 0.42
"""What came to stand before the empty street need not be sure in any look if its mean vote is this: small rubbish is
seen all the time, and always a little below its threshold."""
FAINT_MIN = 0.12
"""Mean vote of the detector for a region that something else, its standing there, speaks for."""
NAMED_MIN = 0.45
"""Mean vote from which on wet ground is rather the thing that it is called: puddles get up to 0.4 as rubbish."""
RIVAL_SHARE = 0.7
"""Votes against those for the strongest other name: names that are nearly as strong are both possible."""
_KNOWN = tuple(ObjectClass)
_SHAPELESS = frozenset({ObjectClass.RUBBISH, ObjectClass.GOODS})
_THINGS = tuple(one for one in ObjectClass if one is not ObjectClass.PERSON)
_NEVER_WET = tuple(one for one in _THINGS if one is not ObjectClass.RUBBISH)
"""A detector takes a dark patch on the ground for rubbish at most."""


def objects(look: Look) -> tuple[Track, ...]:
    """The detector's tracks, whichever stream drives the look."""
    return look.tracks if look.stream is Stream.OBJECTS else look.context


def of_class(setting: Setting, look: Look, *classes: ObjectClass) -> list[Track]:
    """The detector's tracks of these classes."""
    return [track for track in objects(look) if setting.of_class(track, *classes)]


def things(setting: Setting, look: Look, *classes: ObjectClass, liquids: bool = False) -> list[Track]:
    """What a scene looks for in this look: objects that are firmly of its classes, or regions that are called so.

    Where the detector knows the classes, a region must be called so, however faintly: something stands there, and it
    is not known as something else. Where it does not, whatever no known object explains is what the scene looks for.
    """
    if look.stream is Stream.OBJECTS:
        return [track for track in of_class(setting, look, *classes) if is_firm(setting, look, track, *classes)]
    regions = [region for region in look.tracks if not region.liquid]
    wet = [region for region in look.tracks if region.liquid and liquids and is_nameless(setting, look, region)]
    if all(one in setting.labels for one in classes):
        return [region for region in regions if is_called(setting, look, region, *classes)] + wet
    others = [one for one in _KNOWN if one not in classes]
    standing = [track.box for track in of_class(setting, look, *others) if stands_since(track) is not None]
    return [region for region in regions if not explained(region.box, standing)] + wet


def is_firm(setting: Setting, look: Look, track: Track, *classes: ObjectClass) -> bool:
    """Whether an object is of these classes in many a look, and not rather another thing.

    What the detector has not looked at since it began to name things counts as what its track says.
    """
    if not look.names.knows(track):
        return True
    labels = _labels(setting, classes)
    surety, belief = look.names.surety(track, labels), look.names.belief(track, labels)
    if _SHAPELESS.issuperset(classes):
        is_new = look.names.stands_out(track) and (surety >= SURE_SHARE_SHAPELESS or belief >= STEADY_MIN)
        firm = is_new or (surety >= SURE_SHARE_SHAPELESS and belief >= STRONG_MIN)
    else:
        firm = surety >= SURE_SHARE
    return firm and outvotes(setting, look, track, *classes)


def is_called(setting: Setting, look: Look, region: Track, *classes: ObjectClass) -> bool:
    """Whether the detector calls a region so, however faintly, and not rather something or somebody else."""
    if not look.names.settled(region):
        return False
    belief = look.names.belief(region, _labels(setting, classes))
    rival = look.names.belief(region, _labels(setting, [one for one in _KNOWN if one not in classes]))
    return belief >= FAINT_MIN and belief >= RIVAL_SHARE * rival


def is_nameless(setting: Setting, look: Look, region: Track) -> bool:
    """Whether the detector calls a region nothing much: what it knows, or surely takes for goods, is no water."""
    known = look.names.belief(region, _labels(setting, _KNOWN)) >= NAMED_MIN
    return not known and not any(is_surely(setting, look, region, kind) for kind in _NEVER_WET)


def outvotes(setting: Setting, look: Look, thing: Track, *classes: ObjectClass, by: float = RIVAL_SHARE) -> bool:
    """Whether the votes for these classes are `by` times those for the foremost other kind of thing."""
    rivals = _labels(setting, [one for one in _THINGS if one not in classes])
    return look.names.belief(thing, _labels(setting, classes)) >= by * look.names.belief(thing, rivals)


def is_surely(setting: Setting, look: Look, thing: Track, kind: ObjectClass) -> bool:
    """Whether the detector, which knows the class, calls a thing so in most looks, and no other thing as firmly."""
    surety = look.names.surety(thing, setting.labels.get(kind, ()))
    return surety >= SURE_SHARE and outvotes(setting, look, thing, kind, by=1.0)


def _labels(setting: Setting, classes: Iterable[ObjectClass]) -> set[str]:
    return {label for one in classes for label in setting.labels.get(one, ())}


def explained(region: Box, boxes: Sequence[Box]) -> bool:
    """Whether a region is things that are known to stand there."""
    return sum(covered_share(region, box) for box in boxes) >= EXPLAINED_SHARE

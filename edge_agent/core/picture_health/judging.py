"""All judges of one camera: state and look in, state and the gravest finding out."""

from dataclasses import dataclass, field, replace

from edge_agent.core.picture_health import flow, light
from edge_agent.core.picture_health.flow import Rates
from edge_agent.core.picture_health.frozen import Versions, frozen
from edge_agent.core.picture_health.look import Finding, Measures, Watched
from edge_agent.core.picture_health.preset import Preset, looked
from edge_agent.core.picture_health.reference import Match, Reference, Seen, best_match, learned, seen
from edge_agent.core.picture_health.view import Sight, blurred, covered, moved
from protocol.messages import CameraReason


@dataclass(frozen=True, slots=True)
class PictureHealth:
    """What the judges remember of one camera. `reference` outlives the process, the rest does not."""

    reference: Reference = field(default_factory=Reference)
    versions: Versions | None = None
    sight: Sight = field(default_factory=Sight)
    rates: Rates = field(default_factory=Rates)
    preset: Preset = field(default_factory=Preset)


def reconnected(health: PictureHealth) -> PictureHealth:
    """Before the first picture of a new connection: it may have stood still and slow meanwhile, but shows the same."""
    return replace(health, versions=None, rates=replace(health.rates, last=()))


def judge(
    health: PictureHealth, look: Measures, watched: Watched, mono_s: float
) -> tuple[PictureHealth, Finding | None]:
    """The gravest fault that this look shows, if any.

    What blinds the camera comes before what is wrong with what it sees. The view is learned from good looks only.
    """
    now = seen(look)
    match = best_match(health.reference, now, watched.ignored)
    versions, stands = frozen(health.versions, look.hashes, watched, mono_s)
    rates, slow = (health.rates, None) if look.flow is None else flow.low_fps(health.rates, look.flow)
    blind = light.dark(look) or light.overexposed(look) or stands
    sight, changed = health.sight, None
    if blind is None and match is not None and health.reference.is_learned:
        sight, changed = _against_view(health, now, match, watched, mono_s)
    if blind is None and changed is None:
        chroma = health.reference.lights[match.light].chroma if match and health.reference.is_learned else None
        changed = light.colour_cast(look, chroma, watched.ignored)
    good = blind is None and changed is None
    reference = learned(health.reference, now, match) if good else health.reference
    found = blind or changed or slow
    preset = health.preset if blind else looked(health.preset, away=_is_away(changed))
    return PictureHealth(reference, versions, sight, rates, preset), found


def _is_away(finding: Finding | None) -> bool:
    return finding is not None and finding.reason is CameraReason.OFF_PRESET


def _against_view(
    health: PictureHealth, now: Seen, match: Match, watched: Watched, mono_s: float
) -> tuple[Sight, Finding | None]:
    view = health.reference.lights[match.light]
    sight, finding = covered(health.sight, match, mono_s)
    if finding is None:
        finding = moved(view, now, match, watched.ignored, is_dome=watched.is_dome)
    return sight, finding or blurred(view, now, match)

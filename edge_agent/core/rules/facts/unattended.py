"""Things that lie or stand there with nobody beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from edge_agent.core.rules.facts.people import NOBODY_NEAR, Attention, attention, present
from edge_agent.core.rules.facts.standing import NOBODY, Visits, visits
from edge_agent.core.rules.facts.things import of_class
from edge_agent.core.rules.hold import Found, Subject
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look, Stream
from edge_agent.core.values import Track
from protocol.scenes import ObjectClass


@dataclass(frozen=True, slots=True)
class Watch:
    """Which things are in the zone, and who is near them."""

    visits: Visits = NOBODY
    attention: Attention = NOBODY_NEAR


NOTHING_WATCHED = Watch()


def with_people(setting: Setting, before: Watch, look: Look) -> Watch:
    """The watch after a look of the detector: people as they are now. Other looks tell nothing of people."""
    if look.stream is not Stream.OBJECTS:
        return before
    people = present(of_class(setting, look, ObjectClass.PERSON), look.now)
    return replace(before, attention=replace(before.attention, people=people))


def unattended(  # noqa: PLR0913 - who, where, when, what, how near, and who counts
    setting: Setting, before: Watch, look: Look, candidates: Sequence[Track], steps: float, *, passers: bool = True
) -> tuple[Watch, Found]:
    """Things that stand in the zone with nobody within `steps`; who only walks past counts where `passers` do.

    While somebody is there, a thing is not judged; who stays beside it looks after it, and its time begins when he has
    left. An episode that was told goes on all the same.
    """
    here = visits(setting, before.visits, look, candidates)
    seen = attention(before.attention, before.attention.people, here.standing, look.now, steps)
    near = seen.around if passers else seen.stopped
    subjects = tuple(_subject(here, seen, track, near) for track in here.standing)
    attended = frozenset(track.id for track in here.standing if seen.attended(track.id, look.now))
    return Watch(here, seen), Found(subjects, here.hidden | near, attended)


def _subject(here: Visits, seen: Attention, track: Track, near: frozenset[int]) -> Subject:
    subject = here.subject(track)
    left_at = seen.attended_at.get(track.id)
    since = subject.since if left_at is None or subject.since is None else max(subject.since, left_at)
    return replace(subject, since=since, enough=track.id not in near)

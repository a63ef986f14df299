"""A look on demand: present, gone, or nobody can tell, and why."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core.looking import Looking, Picture, Question, begin, blind, finding, observe
from edge_agent.core.rules import Look, Stream
from edge_agent.core.values import Track
from protocol.geometry import Box
from protocol.messages import CameraReason, LookFinding, Presence
from tests.support.rules import WHOLE

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PLACE: Box = (0.4, 0.4, 0.6, 0.7)
ASKED = Question(WHOLE, frozenset({"stall"}), frozenset({Stream.OBJECTS}), 10.0)
AT_PLACE = Question(WHOLE, frozenset({"stall"}), frozenset({Stream.OBJECTS}), 10.0, PLACE)
STATIC = Question(WHOLE, frozenset({"static"}), frozenset({Stream.REGIONS}), 10.0, PLACE, NOW - timedelta(minutes=5))


def thing(now: datetime, label: str = "stall", box: Box = PLACE, *, still: bool = False, hidden: bool = False) -> Track:
    return Track(1, label, box, 0.8, NOW, now - timedelta(seconds=hidden), still=still, hidden=hidden)


def ask(  # noqa: PLR0913 - a look has many circumstances
    question: Question,
    seen: dict[str, Box],
    *,
    from_s: float = 0.0,
    to_s: float = 10.0,
    fps: float = 2.0,
    fault: CameraReason | None = None,
    stream: Stream = Stream.OBJECTS,
    watching_since: datetime | None = None,
    hidden: bool = False,
) -> LookFinding:
    """The finding when all of `seen` is there from `from_s` to `to_s`."""
    looking: Looking = begin(question, NOW)
    for number in range(1, round(question.seconds * fps) + 1):
        now = NOW + timedelta(seconds=number / fps)
        there = from_s <= number / fps <= to_s
        still = stream is Stream.REGIONS
        tracks = tuple(thing(now, label, box, still=still, hidden=hidden) for label, box in seen.items() if there)
        looking = observe(looking, Look(tracks, now, 1 / fps, stream), Picture(fault), watching_since)
    return finding(looking, NOW + timedelta(seconds=question.seconds))


@pytest.mark.parametrize("fps", [0.5, 1.0, 2.0, 5.0])
@pytest.mark.parametrize(
    ("seen", "times", "presence"),
    [
        ({"stall": PLACE}, (0, 10), Presence.PRESENT),
        ({}, (0, 10), Presence.GONE),
        ({"person": PLACE}, (0, 10), Presence.GONE),
        ({"stall": PLACE}, (0, 3), Presence.CANNOT_TELL),
    ],
    ids=["there", "nothing", "only a person", "half of the time not"],
)
def test_what_is_seen_is_said(fps: float, seen: dict[str, Box], times: tuple[float, float], presence: Presence) -> None:
    found = ask(ASKED, seen, from_s=times[0], to_s=times[1], fps=fps)
    assert found.presence is presence
    assert found.observed_share == pytest.approx(1.0, abs=0.05)


def test_another_stall_elsewhere_is_not_this_one() -> None:
    assert ask(AT_PLACE, {"stall": (0.1, 0.4, 0.3, 0.7)}).presence is Presence.GONE
    assert ask(AT_PLACE, {"stall": (0.41, 0.4, 0.62, 0.72)}).presence is Presence.PRESENT


def test_a_place_behind_a_lorry_cannot_be_judged() -> None:
    found = ask(AT_PLACE, {"truck": (0.2, 0.2, 0.8, 0.95)})
    assert (found.presence, found.observed_share) == (Presence.CANNOT_TELL, 0.0)
    assert ask(AT_PLACE, {"truck": (0.2, 0.2, 0.8, 0.95)}, to_s=3).presence is Presence.GONE
    assert ask(AT_PLACE, {"person": (0.45, 0.4, 0.5, 0.95)}).presence is Presence.GONE


@pytest.mark.parametrize("fault", [CameraReason.DARK, CameraReason.COVERED, CameraReason.OFF_PRESET])
def test_a_bad_picture_proves_nothing(fault: CameraReason) -> None:
    found = ask(ASKED, {}, fault=fault)
    assert (found.presence, found.picture_health, found.looks) == (Presence.CANNOT_TELL, fault, 0)


def test_a_camera_that_is_not_looked_at_proves_nothing() -> None:
    assert ask(ASKED, {}, fps=0.1).presence is Presence.CANNOT_TELL
    assert finding(begin(ASKED, NOW), NOW + timedelta(seconds=10)).presence is Presence.CANNOT_TELL


@pytest.mark.parametrize(
    ("since_min", "hidden", "seen", "presence"),
    [
        (-10, False, True, Presence.PRESENT),
        (-10, False, False, Presence.GONE),
        (-10, True, True, Presence.CANNOT_TELL),
        (-1, False, False, Presence.CANNOT_TELL),
        (None, False, False, Presence.CANNOT_TELL),
    ],
    ids=["there", "gone", "hidden", "background is younger than the thing", "no background yet"],
)
def test_static_foreground_knows_only_what_came_while_it_watched(
    since_min: int | None, *, hidden: bool, seen: bool, presence: Presence
) -> None:
    since = None if since_min is None else NOW + timedelta(minutes=since_min)
    place = {"static": PLACE} if seen else {}
    assert ask(STATIC, place, stream=Stream.REGIONS, watching_since=since, hidden=hidden).presence is presence


def test_a_zone_without_a_rule_says_so() -> None:
    found = ask(Question(WHOLE, frozenset(), frozenset(), 10.0), {})
    assert (found.presence, found.detail) == (Presence.CANNOT_TELL, "no rule of this zone looks for anything")


@given(st.lists(st.sampled_from(["seen", "not", "bad"]), min_size=1, max_size=40))
def test_shares_stay_shares_and_presence_needs_sight(looks: list[str]) -> None:
    looking = begin(ASKED, NOW)
    for number, what in enumerate(looks, start=1):
        now = NOW + timedelta(seconds=10 * number / len(looks))
        tracks = (thing(now),) if what == "seen" else ()
        fault = CameraReason.DARK if what == "bad" else None
        looking = observe(looking, Look(tracks, now, 0.5, Stream.OBJECTS), Picture(fault))
    found = finding(looking, NOW + timedelta(seconds=10))
    assert 0 <= found.observed_share <= 1
    if "seen" not in looks:
        assert found.presence is not Presence.PRESENT
    if "not" not in looks:
        assert found.presence is not Presence.GONE


def test_the_answer_tells_how_light_it_was_and_whether_the_dome_stayed_on_its_preset() -> None:
    pictures = [Picture(light=90.0, on_preset=True), Picture(light=31.26, on_preset=True), Picture(on_preset=True)]
    looking = begin(ASKED, NOW)
    for number, picture in enumerate(pictures, start=1):
        now = NOW + timedelta(seconds=number)
        looking = observe(looking, Look((thing(now),), now, 1.0, Stream.OBJECTS), picture)
    found = finding(looking, NOW + timedelta(seconds=10))
    assert (found.light, found.on_preset, found.seen) == (31.3, True, 3)
    away = finding(blind(looking, Picture(CameraReason.OFF_PRESET, 80.0, on_preset=False)), NOW + timedelta(seconds=10))
    assert (away.on_preset, away.picture_health, away.light) == (False, CameraReason.OFF_PRESET, 31.3)


def test_a_fixed_camera_says_nothing_of_presets() -> None:
    found = ask(ASKED, {})
    assert (found.on_preset, found.light, found.seen) == (None, None, 0)

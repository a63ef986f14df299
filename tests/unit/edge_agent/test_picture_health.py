"""Each judge on made-up looks: what is a fault, what only looks like one."""

from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core.picture_health import (
    Finding,
    Flow,
    Measures,
    PictureHealth,
    Watched,
    flow,
    frozen,
    judge,
    reconnected,
)
from edge_agent.core.picture_health.look import COLUMNS, HEIGHT_PX, LOOK_S, ROWS, WIDTH_PX, CellMask
from edge_agent.core.picture_health.preset import LOOKS_MIN, Preset, looked
from edge_agent.core.picture_health.reference import LEARNING_LOOKS
from protocol.messages import CameraReason

NOTHING: CellMask = np.zeros((ROWS, COLUMNS), np.bool_)
FIXED, DOME = Watched(NOTHING), Watched(NOTHING, is_dome=True)


def look(seed: int = 1, noise: int = 0) -> Measures:
    """A street made of random structure; `noise` numbers the sensor's noise."""
    rng = np.random.default_rng(seed)
    levels = rng.uniform(40, 180, (HEIGHT_PX, WIDTH_PX)).astype(np.float32)
    hashes = np.random.default_rng([7, noise]).integers(0, 2**32, (ROWS, COLUMNS), dtype=np.uint32)
    chroma = np.zeros((2, ROWS, COLUMNS), np.float32)
    fine = np.full((ROWS, COLUMNS), 20, np.float32)
    return Measures(110, 40, 0.01, hashes, levels, levels - 110, fine, chroma)


@dataclass
class Watch:
    """A camera under watch on a virtual clock; the noise differs at every look."""

    watched: Watched = FIXED
    health: PictureHealth = field(default_factory=PictureHealth)
    mono_s: float = 1_000.0
    noise: int = 0

    def see(self, seen: Measures, *, is_living: bool = True) -> Finding | None:
        self.mono_s += LOOK_S
        self.noise += 1
        shown = replace(seen, hashes=look(noise=self.noise).hashes) if is_living else seen
        self.health, finding = judge(self.health, shown, self.watched, self.mono_s)
        return finding

    def see_long(self, seen: Measures, looks: int = LEARNING_LOOKS + 1) -> set[CameraReason]:
        found = [self.see(seen) for _ in range(looks)]
        return {finding.reason for finding in found if finding}


@cache
def after_learning() -> PictureHealth:
    watch = Watch()
    assert watch.see_long(look()) == set()
    assert watch.health.reference.is_learned
    return watch.health


def knowing(watched: Watched = FIXED) -> Watch:
    """A camera whose view has been learned, just now."""
    return Watch(watched, after_learning(), 1_000 + LOOK_S * (LEARNING_LOOKS + 1), LEARNING_LOOKS + 1)


def shifted(seen: Measures, by_px: int) -> Measures:
    return replace(seen, levels=np.roll(seen.levels, by_px, 1), contrast=np.roll(seen.contrast, by_px, 1))


def smooth(seen: Measures, contrast: float) -> Measures:
    levels = np.full_like(seen.levels, 90)
    return replace(seen, levels=levels, contrast=seen.contrast * np.float32(contrast), fine=seen.fine / 20)


@pytest.mark.parametrize(
    ("mean", "spread", "burnt_share", "reason"),
    [
        (4, 2, 0, CameraReason.DARK),
        (8, 25, 0, None),
        (30, 4, 0, None),
        (120, 60, 0.3, None),
        (200, 20, 0.05, None),
        (245, 12, 0.8, CameraReason.OVEREXPOSED),
    ],
)
def test_too_dark_and_too_bright(mean: float, spread: float, burnt_share: float, reason: CameraReason | None) -> None:
    finding = Watch().see(replace(look(), mean=mean, spread=spread, burnt_share=burnt_share))
    assert (finding.reason if finding else None) is reason


def test_a_standing_picture_is_frozen_after_a_while_and_until_it_lives() -> None:
    watch = Watch()
    seconds = [0.0]
    while (finding := watch.see(look(), is_living=False)) is None:
        seconds.append(seconds[-1] + LOOK_S)
        assert seconds[-1] <= frozen.FROZEN_S + LOOK_S
    assert finding.reason is CameraReason.FROZEN
    assert finding.value >= finding.threshold == frozen.FROZEN_S
    assert watch.see(look()) is None


def test_a_standing_picture_that_is_coded_anew_in_few_versions_is_frozen() -> None:
    watch = Watch()
    found = [watch.see(look(noise=number % 5), is_living=False) for number in range(60)]
    assert found[-1] is not None
    assert found[-1].reason is CameraReason.FROZEN


@pytest.mark.parametrize(("living_cells", "is_frozen"), [(10, True), (30, False)])
def test_a_clock_keeps_no_picture_alive(living_cells: int, *, is_frozen: bool) -> None:
    watch, still = Watch(), look(noise=0)
    found = None
    for number in range(60):
        hashes = still.hashes.copy().ravel()
        hashes[:living_cells] = number
        found = watch.see(replace(still, hashes=hashes.reshape(ROWS, COLUMNS)), is_living=False)
    assert (found is not None and found.reason is CameraReason.FROZEN) is is_frozen


def test_a_large_clock_is_masked() -> None:
    ignored = NOTHING.copy()
    ignored[0:2] = True
    watch, still, found = Watch(Watched(ignored)), look(), None
    for number in range(60):
        hashes = still.hashes.copy()
        hashes[0:2] = number
        found = watch.see(replace(still, hashes=hashes), is_living=False)
    assert found is not None
    assert found.reason is CameraReason.FROZEN


@given(st.lists(st.integers(1, 4), min_size=5, max_size=40), st.floats(1, 15))
def test_a_sensor_with_noise_is_never_frozen_however_rare_its_key_frames(repeats: list[int], every_s: float) -> None:
    """Between key frames the picture repeats itself to the bit; `repeats` looks at a time see the same."""
    versions, mono_s = None, 0.0
    for number, times in enumerate(repeats):
        for _ in range(times):
            mono_s += every_s if times * every_s < frozen.FROZEN_S else frozen.FROZEN_S / 5
            versions, finding = frozen.frozen(versions, look(noise=number).hashes, FIXED, mono_s)
            assert finding is None


def test_a_reconnected_camera_is_not_blamed_for_the_time_between() -> None:
    watch = knowing()
    watch.see(look(), is_living=False)
    watch.mono_s += 3_600
    watch.health = reconnected(watch.health)
    assert watch.see(look(), is_living=False) is None
    assert watch.health.reference.is_learned


def test_a_cover_comes_at_once_and_lasts_until_something_is_seen_again() -> None:
    watch = knowing()
    found = [watch.see(smooth(look(), 0)) for _ in range(60)]
    assert {finding.reason for finding in found if finding} == {CameraReason.COVERED}
    assert all(found)
    assert watch.see(look()) is None


def test_a_lens_that_is_covered_at_the_start_is_seen_by_the_kept_view() -> None:
    watch = Watch(health=PictureHealth(knowing().health.reference))
    finding = watch.see(smooth(look(), 0))
    assert finding is not None
    assert finding.reason is CameraReason.COVERED


def test_fog_is_no_cover() -> None:
    watch = knowing()
    assert CameraReason.COVERED not in watch.see_long(smooth(look(), 0.2), 30), "lines are faint, but where they were"


@pytest.mark.parametrize(("watched", "reason"), [(FIXED, CameraReason.MOVED), (DOME, CameraReason.OFF_PRESET)])
@pytest.mark.parametrize(("by_px", "percent"), [(3, 2.5), (-12, 10.0), (1, None), (0, None)])
def test_a_shifted_view(watched: Watched, reason: CameraReason, by_px: int, percent: float | None) -> None:
    finding = knowing(watched).see(shifted(look(), by_px))
    if percent is None:
        assert finding is None or by_px, "a shift of one pixel may or may not be seen"
    else:
        assert finding is not None
        assert (finding.reason, finding.value) == (reason, pytest.approx(percent, abs=0.01))


def test_another_view_is_moved_and_never_learned() -> None:
    watch = knowing()
    assert watch.see_long(look(seed=2), 400) == {CameraReason.MOVED}
    assert watch.see(look()) is None


def test_a_lorry_before_more_than_half_of_the_view_is_no_move() -> None:
    watch, street, lorry = knowing(), look(), look(seed=3)
    behind = np.arange(WIDTH_PX)[None, :] < 0.6 * WIDTH_PX
    both = replace(
        street,
        levels=np.where(behind, lorry.levels, street.levels),
        contrast=np.where(behind, lorry.contrast, street.contrast),
    )
    assert watch.see_long(both, 400) == set()
    assert watch.see(street) is None


def test_a_dome_is_away_after_two_looks_and_back_after_two() -> None:
    watch = knowing(DOME)
    away = []
    for seen in (look(2), look(2), look(2), look(), look()):
        watch.see(seen)
        away.append(watch.health.preset.is_away)
    assert away == [False, True, True, True, False]


@given(st.lists(st.booleans(), max_size=60))
def test_a_preset_turns_only_after_looks_in_a_row(looks: list[bool]) -> None:
    preset = Preset()
    for number, away in enumerate(looks):
        before, preset = preset, looked(preset, away=away)
        if preset.is_away is not before.is_away:
            assert set(looks[number + 1 - LOOKS_MIN : number + 1]) == {preset.is_away}


def test_lost_detail_is_blur_and_lost_contrast_is_not() -> None:
    watch, street = knowing(), look()
    finding = watch.see(replace(street, fine=street.fine * np.float32(0.3)))
    assert finding is not None
    assert finding.reason is CameraReason.BLURRED
    assert finding.value == pytest.approx(0.3, abs=0.02)
    foggy = replace(street, levels=110 + (street.levels - 110) * np.float32(0.3), fine=street.fine * np.float32(0.3))
    assert watch.see(foggy) is None


@pytest.mark.parametrize(
    ("blue", "red", "mean", "reason"),
    [(30, 20, 110, CameraReason.COLOUR_CAST), (10, 8, 110, None), (-30, 30, 40, None)],
)
def test_a_colour_over_everything_by_day(blue: float, red: float, mean: float, reason: CameraReason | None) -> None:
    watch, street = knowing(), look()
    chroma = street.chroma + np.array([blue, red], np.float32)[:, None, None]
    finding = watch.see(replace(street, chroma=chroma, mean=mean))
    assert (finding.reason if finding else None) is reason


def test_a_coloured_lorry_is_no_cast() -> None:
    watch, street = knowing(), look()
    chroma = street.chroma.copy()
    chroma[:, :, :7] += 60
    assert watch.see(replace(street, chroma=chroma)) is None


@pytest.mark.parametrize(
    ("usual", "declared", "now", "is_low"),
    [
        (25, 25, 25, False),
        (25, 25, 12, False),
        (25, 25, 4, True),
        (12, 25, 4, True),
        (12, 25, 6, False),
        (25, 90_000, 25, False),
        (2, None, 2, False),
        (10, None, 3, True),
    ],
)
def test_too_few_pictures(usual: float, declared: float | None, now: float, *, is_low: bool) -> None:
    rates = flow.Rates()
    for _ in range(flow.USUAL_LOOKS_MIN):
        rates, finding = flow.low_fps(rates, Flow(usual, declared))
        assert finding is None
    for _ in range(flow.WINDOW_LOOKS):
        rates, finding = flow.low_fps(rates, Flow(now, declared))
    assert (finding is not None) is is_low


def test_what_is_too_slow_is_never_usual() -> None:
    rates = flow.Rates()
    for _ in range(500):
        rates, finding = flow.low_fps(rates, Flow(2, 25))
    assert finding is not None
    assert (finding.value, finding.threshold) == (2, 5)


@given(
    mean=st.floats(0, 255),
    spread=st.floats(0, 128),
    burnt=st.floats(0, 1),
    scale=st.floats(0, 2),
    rate=st.floats(0, 60),
)
def test_every_finding_says_what_was_measured(
    mean: float, spread: float, burnt: float, scale: float, rate: float
) -> None:
    watch, street = knowing(), look()
    seen = replace(
        street,
        mean=mean,
        spread=spread,
        burnt_share=burnt,
        levels=mean + (street.levels - 110) * np.float32(scale),
        contrast=street.contrast * np.float32(scale),
        flow=Flow(rate, 25.0),
    )
    for _ in range(6):
        finding = watch.see(seen)
        if finding is not None:
            assert np.isfinite([finding.value, finding.threshold]).all()

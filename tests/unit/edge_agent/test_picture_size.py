"""Which picture fits its bytes: quality goes first, then the size, and it always ends."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core.evidence.picture_size import QUALITIES_PERCENT, WIDTH_MIN_PX, Encoding, smaller
from edge_agent.video.snapshot import jpeg_of, picture_of

BEST, WORST = QUALITIES_PERCENT[0], QUALITIES_PERCENT[-1]


@pytest.mark.parametrize(
    ("tried", "size_bytes", "then"),
    [
        (Encoding(1920), 200, None),
        (Encoding(1920), 201, Encoding(1920, 70)),
        (Encoding(1920, 70), 201, Encoding(1920, 55)),
        (Encoding(1920, 55), 201, Encoding(1536, 55)),
        (Encoding(1536, 55), 201, Encoding(1229, 55)),
        (Encoding(350, 55), 201, Encoding(WIDTH_MIN_PX, 55)),
        (Encoding(WIDTH_MIN_PX, 55), 201, None),
        (Encoding(100, 70), 201, Encoding(100, 55)),
        (Encoding(100, 55), 201, None),
    ],
)
def test_quality_goes_before_size(tried: Encoding, size_bytes: int, then: Encoding | None) -> None:
    assert smaller(tried, size_bytes, 200) == then


@given(width_px=st.integers(1, 16_384), sizes=st.lists(st.integers(1, 10**7), min_size=60))
def test_every_try_is_smaller_than_the_last_until_one_fits_or_none_is_left(width_px: int, sizes: list[int]) -> None:
    tried = Encoding(width_px)
    for size_bytes in sizes:
        then = smaller(tried, size_bytes, 200_000)
        if then is None:
            assert size_bytes <= 200_000 or (tried.width_px <= WIDTH_MIN_PX and tried.quality_percent == WORST)
            return
        assert (then.width_px, then.quality_percent) < (tried.width_px, tried.quality_percent)
        assert then.width_px >= min(width_px, WIDTH_MIN_PX)
        tried = then
    pytest.fail("it never ends")


@pytest.mark.parametrize("bytes_max", [30_000, 200_000])
def test_the_worst_picture_there_is_fits(bytes_max: int) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (1080, 1920, 3), np.uint8)
    jpeg = jpeg_of(noise, bytes_max=bytes_max)
    assert len(jpeg) <= bytes_max
    assert picture_of(jpeg).shape[1] >= WIDTH_MIN_PX


def test_a_picture_that_fits_stays_as_good_as_it_is() -> None:
    plain = np.full((1080, 1920, 3), 90, np.uint8)
    assert jpeg_of(plain, bytes_max=200_000) == jpeg_of(plain)
    assert picture_of(jpeg_of(plain, bytes_max=200_000)).shape == plain.shape

"""Dark and frozen pictures, and living ones."""

from edge_agent.core.picture_health import FROZEN_S, Look, PictureHealth, judge
from protocol.messages import CameraReason

STREET = Look(mean=90, spread=40, checksum=1)


def test_a_living_picture_is_good() -> None:
    health = PictureHealth()
    for second in range(100):
        health, fault = judge(health, Look(90, 40, checksum=second), float(second))
        assert fault is None


def test_the_same_picture_for_long_is_frozen_until_it_moves() -> None:
    health, fault = judge(PictureHealth(), STREET, 0.0)
    assert fault is None
    health, fault = judge(health, STREET, FROZEN_S - 1)
    assert fault is None
    health, fault = judge(health, STREET, FROZEN_S)
    assert fault is CameraReason.FROZEN
    _, fault = judge(health, Look(90, 40, checksum=2), FROZEN_S + 2)
    assert fault is None


def test_black_is_dark_and_a_night_street_with_lamps_is_not() -> None:
    assert judge(PictureHealth(), Look(4, 2, 1), 0.0)[1] is CameraReason.DARK
    assert judge(PictureHealth(), Look(8, 25, 1), 0.0)[1] is None

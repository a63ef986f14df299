"""A canvas paints pixels, signs them and measures what it drew."""

import numpy as np

from provisioning.simulator.drawing.canvas import Box, Canvas, Spot
from provisioning.simulator.drawing.pen import Pen


def blank(height: int = 40, width: int = 60) -> Canvas:
    return Canvas(np.zeros((height, width, 3), np.uint8))


def test_a_stroke_is_signed_where_it_is_painted() -> None:
    canvas = blank()
    canvas.begin(7)
    canvas.box(10, 5, 20, 15, (1, 2, 3))
    painted = (canvas.image == (1, 2, 3)).all(axis=2)
    assert (canvas.owners[painted] == 7).all()
    assert (canvas.owners[~painted] == 0).all()
    assert painted.any()


def test_the_extent_covers_what_lies_outside_the_frame() -> None:
    canvas = blank()
    canvas.begin(1)
    canvas.box(-5, 30, 70, 50, (9, 9, 9))
    assert canvas.extent() == Box(-5, 30, 70, 50)
    assert canvas.extent().clipped(60, 40) == Box(0, 30, 60, 40)


def test_a_later_stroke_takes_the_pixels_over() -> None:
    canvas = blank()
    for owner in (1, 2):
        canvas.begin(owner)
        canvas.box(10, 10, 20, 20, (owner, 0, 0))
    assert not (canvas.owners == 1).any()


def test_a_shadow_belongs_to_nobody_and_only_darkens() -> None:
    canvas = Canvas(np.full((40, 60, 3), 100, np.uint8))
    canvas.begin(3)
    canvas.darken([(5, 5), (30, 5), (30, 30), (5, 30)], 0.4)
    assert not canvas.owners.any()
    assert canvas.image[15, 15, 0] == 60
    assert canvas.image.max() == 100


def test_a_pen_measures_in_metres_upwards_and_mirrors() -> None:
    spot = Spot(100, 200, 10)
    assert Pen(blank(), spot).at(2, 3) == (120, 170)
    assert Pen(blank(), spot, facing=-1).at(2, 3) == (80, 170)


def test_an_empty_box_has_no_area() -> None:
    assert Box(5, 5, 4, 9).area == 0

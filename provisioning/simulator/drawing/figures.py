"""What moves through the street: people, bicycles, cars. Sizes in metres; the look comes from the generator alone."""

from dataclasses import dataclass

from numpy.random import Generator

from provisioning.simulator.drawing.canvas import Canvas, Spot
from provisioning.simulator.drawing.colours import RUBBER, STEEL, Colour, any_colour, chosen, happens, shaded, side
from provisioning.simulator.drawing.pen import Pen

_SHARED_BIKES: tuple[Colour, ...] = (
    (20, 200, 240),
    (210, 140, 30),
    (90, 200, 60),
    (60, 110, 235),
    (0, 170, 255),
)
_SKIN: Colour = (140, 170, 215)
_HAIR: Colour = (40, 40, 45)
_SHOES: Colour = (30, 30, 35)


@dataclass(frozen=True, slots=True)
class _Body:
    tall: float
    wide: float
    hip: float
    shoulder: float
    limb: float


def draw_person(
    canvas: Canvas, rng: Generator, spot: Spot, *, stride: float | None = None, facing: int | None = None
) -> None:
    """Draw a person; `stride` -1..1 is the spread of the legs and `facing` -1 or 1 the way (None: as the look says)."""
    tall = rng.uniform(1.45, 1.85)
    wide = tall * rng.uniform(0.24, 0.34)
    top, trousers = any_colour(rng), any_colour(rng, 15, 160, rng.random() * 0.6)
    skin, hair = shaded(_SKIN, rng.uniform(0.5, 1.05)), shaded(_HAIR, rng.uniform(0.3, 1.6))
    looks_to, own_stride = side(rng), rng.uniform(0, 0.55)
    sits = happens(rng, 0.08) and stride is None
    body = _Body(tall, wide, tall * (0.25 if sits else 0.48), tall * (0.58 if sits else 0.82), max(0.02, wide * 0.34))
    pen = Pen(canvas, spot, facing=looks_to if facing is None else facing)
    _draw_legs(pen, rng, body, trousers, own_stride if stride is None else stride * 0.55)
    _draw_torso(pen, rng, body, top)
    for arm in (-1, 1):
        _draw_arm(pen, rng, body, arm, (top, skin))
    _draw_head(pen, rng, body, skin, hair)
    if happens(rng, 0.15):
        pen.disc(-wide * 0.45, (body.shoulder + body.hip) / 2, wide * 0.25, any_colour(rng), tall=tall * 0.12)


def _draw_legs(pen: Pen, rng: Generator, body: _Body, trousers: Colour, stride: float) -> None:
    spread, toe = stride * body.wide, body.wide * 0.15
    pen.line((-body.wide * 0.1, body.hip), (-spread * 0.8, 0), shaded(trousers, 0.85), body.limb)
    pen.line((body.wide * 0.1, body.hip), (spread * 0.8, 0), trousers, body.limb)
    for foot in (-spread * 0.8, spread * 0.8):
        pen.line((foot, 0), (foot + toe, 0), _SHOES, body.limb * 0.5)
    if happens(rng, 0.18):
        hem, waist = body.tall * 0.2, body.hip + body.tall * 0.05
        skirt = [(-body.wide * 0.33, waist), (body.wide * 0.33, waist), (body.wide * 0.5, hem), (-body.wide * 0.5, hem)]
        pen.polygon(skirt, trousers)


def _draw_torso(pen: Pen, rng: Generator, body: _Body, top: Colour) -> None:
    low, high = body.hip - body.tall * 0.03, body.shoulder
    pen.polygon(
        [(-body.wide * 0.42, high), (body.wide * 0.42, high), (body.wide * 0.34, low), (-body.wide * 0.34, low)], top
    )
    if happens(rng, 0.3):
        stripe = high - body.tall * 0.1
        pen.box(-body.wide * 0.3, stripe - body.tall * 0.06, body.wide * 0.3, stripe, any_colour(rng))


def _draw_arm(pen: Pen, rng: Generator, body: _Body, arm: int, colours: tuple[Colour, Colour]) -> None:
    sleeve, skin = colours
    elbow = (arm * body.wide * rng.uniform(0.4, 0.65), body.shoulder - (body.shoulder - body.hip) * 0.55)
    hand = (elbow[0] + body.wide * rng.uniform(-0.2, 0.5), body.hip + body.tall * rng.uniform(-0.06, 0.12))
    pen.line((arm * body.wide * 0.38, body.shoulder - body.tall * 0.02), elbow, shaded(sleeve, 0.9), body.limb * 0.55)
    pen.line(elbow, hand, sleeve if happens(rng, 0.5) else skin, body.limb * 0.45)


def _draw_head(pen: Pen, rng: Generator, body: _Body, skin: Colour, hair: Colour) -> None:
    radius = body.tall * 0.065
    pen.disc(body.wide * 0.03, body.shoulder + radius * 1.15, radius * 0.85, skin, tall=radius * 1.15)
    cover = hair if happens(rng, 0.85) else any_colour(rng)
    pen.disc(0, body.shoulder + radius * 1.5, radius * 0.95, cover, tall=radius * 0.85)


def draw_bike(canvas: Canvas, rng: Generator, spot: Spot, *, facing: int | None = None) -> None:
    """Draw a bicycle, seen from the side or turned away."""
    turned = rng.uniform(0.3, 1.0)
    length, wheel = 1.55 * rng.uniform(0.9, 1.1) * turned, 0.31 * rng.uniform(0.85, 1.05)
    paint = any_colour(rng) if happens(rng, 0.2) else chosen(rng, _SHARED_BIKES)
    looks_to, skew = side(rng), rng.uniform(-0.1, 0.1) * (1 - turned)
    pen = Pen(canvas, spot, facing=looks_to if facing is None else facing)
    rear, front = (-length * 0.33, wheel), (length * 0.33, wheel - skew)
    for hub in (rear, front):
        pen.ring(hub, wheel, RUBBER, 0.045, squeeze=max(0.25, turned))
    seat, pedals = (rear[0] + length * 0.13, wheel * 2.15), (rear[0] + length * 0.27, wheel * 0.9)
    bar = (front[0] - length * 0.08, wheel * 2.35)
    under_seat = (seat[0], seat[1] - wheel * 0.3)
    for start, end in ((seat, pedals), (pedals, bar), (rear, pedals), (rear, under_seat), (bar, front)):
        pen.line(start, end, paint, 0.065)
    pen.line((seat[0] - wheel * 0.3, seat[1]), (seat[0] + wheel * 0.35, seat[1]), RUBBER, 0.08)
    pen.line((bar[0] - wheel * 0.3, bar[1] + wheel * 0.1), (bar[0] + wheel * 0.2, bar[1] + wheel * 0.2), RUBBER, 0.06)
    guard = [(-0.5, 1.8), (0.5, 2.0), (0.6, 1.8), (-0.5, 1.6)]
    pen.polygon([(rear[0] + wheel * right, wheel * up) for right, up in guard], paint)
    if happens(rng, 0.8):
        basket = bar[0] + wheel * 0.35
        grey = shaded((70, 70, 72), rng.uniform(0.5, 1.8))
        pen.box(basket - wheel * 0.35, bar[1] - wheel * 0.7, basket + wheel * 0.35, bar[1] - wheel * 0.1, grey)


def draw_car(canvas: Canvas, rng: Generator, spot: Spot, *, facing: int | None = None) -> None:
    """Draw a car or a van, seen from the side or turned away."""
    paint, glass = any_colour(rng, 30, 240, rng.random() ** 2 * 0.9), shaded((70, 60, 50), rng.uniform(0.5, 1.8))
    turned = 1.0 if happens(rng, 0.5) else rng.uniform(0.4, 0.9)
    van = happens(rng, 0.25)
    length = rng.uniform(4.0, 4.9) * turned
    tall = rng.uniform(1.8, 2.2) if van else rng.uniform(1.35, 1.6)
    looks_to = side(rng)
    pen = Pen(canvas, spot, facing=looks_to if facing is None else facing)

    def hull(along: float, up: float) -> tuple[float, float]:
        return (along - 0.5) * length, up * tall

    sill = 0.16
    pen.polygon([hull(*p) for p in ((0, sill), (0.01, 0.55), (0.06, 0.62), (0.95, 0.58), (1, 0.45), (1, sill))], paint)
    roof = (
        ((0.01, 0.6), (0.02, 0.97), (0.75, 1.0), (0.92, 0.58))
        if van
        else ((0.08, 0.6), (0.2, 0.96), (0.58, 1.0), (0.76, 0.6))
    )
    pen.polygon([hull(*p) for p in roof], shaded(paint, 0.93))
    middle = sum(p[0] for p in roof) / 4, sum(p[1] for p in roof) / 4
    panes = [(middle[0] + (p[0] - middle[0]) * 0.85, middle[1] + (p[1] - middle[1]) * 0.7) for p in roof]
    pen.polygon([hull(*p) for p in panes], glass)
    pen.line(hull(0.42, 0.92), hull(0.42, 0.25), shaded(paint, 0.7), 0.03)
    pen.polygon([hull(*p) for p in ((0.96, 0.5), (1, 0.5), (1, 0.42), (0.96, 0.42))], (225, 240, 245))
    pen.polygon([hull(*p) for p in ((0, 0.52), (0.03, 0.52), (0.03, 0.42), (0, 0.42))], (40, 40, 200))
    pen.line(hull(0, sill), hull(1, sill), shaded(paint, 0.45), tall * 0.07)
    for along in (0.2, 0.8):
        axle = (along - 0.5) * length
        pen.disc(axle, 0.33, 0.33 * max(0.45, turned), RUBBER, tall=0.33)
        pen.disc(axle, 0.33, 0.18 * max(0.45, turned), STEEL, tall=0.18)
    if turned < 0.6:  # noqa: PLR2004 - nearly from the front: the number plate shows
        pen.box(-length * 0.2, tall * 0.28, length * 0.2, tall * 0.36, (200, 120, 40))

"""Twelve months as a drawing: SVG text without anything from outside; colours come from the page's style. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from html import escape
from math import ceil, floor, log10

from central.core.kpis import Unit
from central.core.kpis.registry.values import CNY, HOUR_S, HOURS, MINUTE_S, MINUTES
from protocol.texts import Language

HEIGHT = 240
LEFT, RIGHT, TOP, BOTTOM = 92, 20, 16, 34
LINES = 4
STEPS = (1, 2, 2.5, 5, 10)
PLACES = 6
SPAN_MIN = 1e-3
"""Values that lie closer together are drawn as one."""
DOT, CROSS = 4.5, 4


class Size(Enum):
    """How wide a drawing is, and how many months go to one label; pages show the one that fits."""

    WIDE = (720, 1)
    NARROW = (360, 3)

    @property
    def width(self) -> int:
        """In the drawing's own units."""
        return self.value[0]


@dataclass(frozen=True, slots=True)
class Dot:
    """One month: `value` is None where there was none; `is_small`: below the minimum sample."""

    label: str
    value: float | None
    told: str
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class Caption:
    """`summary`: what a drawing says to those who cannot see it; `language`: of its units."""

    summary: str
    language: Language


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high`, with lines `step` apart."""

    low: float
    high: float
    step: float

    @property
    def ticks(self) -> tuple[float, ...]:
        """Where lines are."""
        count = round((self.high - self.low) / self.step)
        return tuple(self.low + number * self.step for number in range(count + 1))


def axis_of(values: Sequence[float], unit: Unit) -> Axis:
    """Round edges around values; a share never leaves 0 to 1, anything else that is positive begins at 0."""
    if not values:
        return Axis(0.0, 1.0, 0.25)
    scale = 1.0
    if unit is Unit.SECONDS:
        scale = HOUR_S if max(values) >= HOUR_S else MINUTE_S
    low, high = min(values) / scale, max(values) / scale
    if unit is not Unit.RATIO:
        low = min(0.0, low)
    step = _round_step(max(SPAN_MIN, (high - low) or abs(high) or 1.0))
    low, high = floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step
    if unit is Unit.RATIO and min(values) >= 0 and max(values) <= 1:
        low, high = max(0.0, low), min(1.0, high)
    if high - low < step:
        low, high = (low - step, high) if unit is Unit.RATIO and high >= 1 else (low, low + step)
    return Axis(low * scale, high * scale, step * scale)


def tick_text(value: float, axis: Axis, unit: Unit, language: Language) -> str:
    """What stands at a line, with the places it needs; durations in hours, or in minutes on an axis below one."""
    if unit is Unit.RATIO:
        return f"{_plain(value * 100)}%"
    if unit is Unit.MONEY:
        return CNY.say(language, amount=_plain(value))
    if unit is not Unit.SECONDS:
        return _plain(value)
    if axis.high < HOUR_S:
        return MINUTES.say(language, minutes=_plain(value / MINUTE_S))
    return HOURS.say(language, hours=_plain(value / HOUR_S))


def drawing(dots: Sequence[Dot], unit: Unit, target: float | None, caption: Caption, size: Size = Size.WIDE) -> str:
    """The whole drawing. All texts are escaped."""
    known = [dot.value for dot in dots if dot.value is not None]
    axis = axis_of([*known, *([] if target is None else [target])], unit)
    told = escape(caption.summary, quote=True)
    parts = [
        f'<svg class="gw-chart" viewBox="0 0 {size.width} {HEIGHT}" role="img" aria-label="{told}">',
        *_grid(axis, unit, caption.language, size),
        *_target(axis, target, size),
        *_months(dots, size),
        *_lines(dots, axis, size),
        *(_dot(dot, _x(number, len(dots), size), axis) for number, dot in enumerate(dots)),
        "</svg>",
    ]
    return "".join(parts)


def _plain(number: float) -> str:
    return f"{round(number, PLACES) or 0.0:,.{PLACES}f}".rstrip("0").rstrip(".")


def _round_step(span: float) -> float:
    rough = span / LINES
    power = 10.0 ** floor(log10(rough))
    return next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9))


def _x(number: int, count: int, size: Size) -> float:
    return LEFT + (size.width - LEFT - RIGHT) * (number + 0.5) / max(1, count)


def _y(value: float, axis: Axis) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - axis.low) / (axis.high - axis.low))


def _grid(axis: Axis, unit: Unit, language: Language, size: Size) -> Iterator[str]:
    for tick in axis.ticks:
        y = _y(tick, axis)
        yield f'<line class="gw-chart__grid" x1="{LEFT}" x2="{size.width - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield _text(LEFT - 8, y + 4, "end", tick_text(tick, axis, unit, language))


def _text(x: float, y: float, anchor: str, said: str) -> str:
    return f'<text class="gw-chart__tick" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'


def _target(axis: Axis, target: float | None, size: Size) -> Iterator[str]:
    if target is not None:
        y = _y(target, axis)
        yield f'<line class="gw-chart__target" x1="{LEFT}" x2="{size.width - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _months(dots: Sequence[Dot], size: Size) -> Iterator[str]:
    for number, dot in enumerate(dots):
        if (len(dots) - 1 - number) % size.value[1] == 0:
            yield _text(_x(number, len(dots), size), HEIGHT - 12, "middle", dot.label)


def _lines(dots: Sequence[Dot], axis: Axis, size: Size) -> Iterator[str]:
    """A line through neighbours that both have a value; a month without one leaves a gap."""
    path, pen = [], "M"
    for number, dot in enumerate(dots):
        if dot.value is None:
            pen = "M"
            continue
        path.append(f"{pen}{_x(number, len(dots), size):.1f} {_y(dot.value, axis):.1f}")
        pen = "L"
    if path:
        yield f'<path class="gw-chart__line" d="{"".join(path)}"/>'


def _dot(dot: Dot, x: float, axis: Axis) -> str:
    title = f"<title>{escape(dot.label)}: {escape(dot.told)}</title>"
    if dot.value is None:
        y = HEIGHT - BOTTOM - 8.0
        cross = f"M{x - CROSS:.1f} {y - CROSS}l{2 * CROSS} {2 * CROSS}m0 -{2 * CROSS}l-{2 * CROSS} {2 * CROSS}"
        return f'<path class="gw-chart__none" d="{cross}">{title}</path>'
    small = " gw-chart__dot--small" if dot.is_small else ""
    y = _y(dot.value, axis)
    return f'<circle class="gw-chart__dot{small}" cx="{x:.1f}" cy="{y:.1f}" r="{DOT}">{title}</circle>'

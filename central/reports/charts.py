"""Charts as PNG. Without a Chinese font bars carry codes (A1, A2 ...), and the document says what they stand for."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from central.core.evaluation.decimals import shown
from central.core.evaluation.reporting.report import Chart

DPI, WIDTH_IN, FRAME_IN = 160, 6.3, 1.0
BAR_IN, BAR_IN_OF_MANY, MANY = 0.36, 0.25, 8
GOT_COLOUR, POSSIBLE_COLOUR, LETTER_COLOUR = "#1f5fa8", "#dde5ee", "#333333"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart's picture, and the names of its codes where no Chinese font was there."""

    png: bytes
    legend: tuple[tuple[str, str], ...] = ()


def draw(chart: Chart, font: Path | None) -> Drawing:
    """Horizontal bars: what was got, before what was possible."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - loaded where a chart is drawn
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415

    letters = FontProperties(fname=str(font), size=9) if font else FontProperties(size=9)
    names = chart.names if font else tuple(f"A{at}" for at in range(1, len(chart.names) + 1))
    got, possible, unit = chart.words if font else ("score", "max", "")
    bar_in = BAR_IN if len(names) < MANY else BAR_IN_OF_MANY
    figure = Figure(figsize=(WIDTH_IN, FRAME_IN + bar_in * len(names)), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    places = list(range(len(names)))
    tops = [float(value) for value in chart.possible]
    values = [float(value) for value in chart.got]
    axes.barh(places, tops, height=0.62, color=POSSIBLE_COLOUR, label=possible)
    axes.barh(places, values, height=0.62, color=GOT_COLOUR, label=got)
    for place, value, top in zip(places, chart.got, tops, strict=True):
        text = f"{shown(value)}{unit if unit == '%' else ''}"
        axes.text(max(float(value), top) + max(tops) * 0.012, place, text, va="center", fontproperties=letters)
    axes.set_yticks(places, names, fontproperties=letters, color=LETTER_COLOUR)
    axes.invert_yaxis()
    axes.set_xlim(0, max(tops) * 1.12)
    axes.set_xlabel(unit, fontproperties=letters)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=8)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    figure.legend(loc="outside upper right", ncols=2, frameon=False, prop=letters)
    picture = BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return Drawing(picture.getvalue(), () if font else tuple(zip(names, chart.names, strict=True)))

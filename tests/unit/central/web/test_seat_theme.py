"""The seat's colours: every pair that stands on another can be read (WCAG 2, 4.5 : 1)."""

import re
from importlib.resources import files

import pytest

CONTRAST_MIN = 4.5
CSS = files("central.web.static").joinpath("seat.css").read_text(encoding="utf-8")
FIGURES_CSS = files("central.web.static").joinpath("figures.css").read_text(encoding="utf-8")
COLOUR = re.compile(r"--gw-([a-z-]+): (#[0-9a-f]{6});")
COLOURS = dict(COLOUR.findall(CSS))
LIGHT_CSS, DARK_CSS = FIGURES_CSS.split("(prefers-color-scheme: dark)")
LIGHT = COLOURS | dict(COLOUR.findall(LIGHT_CSS))
DARK = LIGHT | dict(COLOUR.findall(DARK_CSS))
DRAWN_MIN = 3.0
"""Of lines and edges against what they lie on."""


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`."""

    def channel(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (channel(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *[(text, ground) for text in ("text", "muted") for ground in ("page", "panel", "sunken", "accent-soft")],
        *[(name, f"{name}-soft") for name in ("online", "warning", "fault", "unknown")],
        *[(name, "panel") for name in ("online", "warning", "fault", "unknown", "accent")],
        ("text", "warning-soft"),
        ("text", "fault-soft"),
        ("muted", "warning-soft"),
        ("muted", "fault-soft"),
        ("muted", "unknown-soft"),
        ("accent-deep", "accent-soft"),
        ("panel", "accent"),
        ("panel", "accent-deep"),
        ("header-text", "header"),
        ("header-muted", "header"),
    ],
)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(COLOURS[text], COLOURS[ground]) >= CONTRAST_MIN


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_figures_can_be_read_in_both_themes(theme: dict[str, str]) -> None:
    grounds = ("page", "panel", "sunken", "accent-soft", "input")
    texts = [(text, ground) for text in ("text", "muted", "accent-deep") for ground in grounds]
    tones = [(name, "panel") for name in ("online", "fault", "warning", "accent")]
    others = [("fault", "fault-soft"), ("header-text", "header"), ("header-muted", "header")]
    assert [pair for pair in (*texts, *tones, *others) if contrast(theme[pair[0]], theme[pair[1]]) < CONTRAST_MIN] == []
    drawn = [("chart", "panel"), ("edge", "panel"), ("edge", "input"), ("warning", "panel"), ("muted", "panel")]
    assert [pair for pair in drawn if contrast(theme[pair[0]], theme[pair[1]]) < DRAWN_MIN] == []


@pytest.mark.parametrize("css", [CSS, FIGURES_CSS], ids=["seat", "figures"])
def test_every_class_carries_the_prefix(css: str) -> None:
    rules = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    selectors = re.findall(r"(?:^|})\s*([^{}@]+)\{", rules)
    names = {name for selector in selectors for name in re.findall(r"\.([a-z][\w-]*)", selector)}
    foreign = {name for name in names if not name.startswith("gw-")}
    assert foreign <= {"nicegui-content", "q-field__control", "q-field__native"}

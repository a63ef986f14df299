"""The seat's colours: every pair that stands on another can be read (WCAG 2, 4.5 : 1)."""

import re
from importlib.resources import files

import pytest

CONTRAST_MIN = 4.5
CSS = files("central.web.static").joinpath("seat.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--gw-([a-z-]+): (#[0-9a-f]{6});", CSS))


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


def test_every_class_carries_the_prefix() -> None:
    rules = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)
    selectors = re.findall(r"(?:^|})\s*([^{}@]+)\{", rules)
    names = {name for selector in selectors for name in re.findall(r"\.([a-z][\w-]*)", selector)}
    foreign = {name for name in names if not name.startswith("gw-")}
    assert foreign == {"nicegui-content", "q-field__control", "q-field__native"}

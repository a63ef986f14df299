"""A font of this machine that has Chinese letters, if there is one."""

from functools import cache
from pathlib import Path

PROBE = "网格守望绩效评价"
PREFERRED = (
    "notosanscjk",
    "notosanssc",
    "sourcehansans",
    "wqy",
    "wenquanyi",
    "simhei",
    "msyh",
    "droidsansfallback",
    "notoserifcjk",
    "simsun",
    "uming",
    "ukai",
)


@cache
def chinese_font() -> Path | None:
    """The file of the first preferred font that draws all of `PROBE`; None where no font does."""
    from matplotlib.font_manager import findSystemFonts  # noqa: PLC0415 - loaded where a chart is drawn

    known = sorted(Path(name) for name in findSystemFonts())
    ranked = sorted(known, key=_rank)
    return next((path for path in ranked if _rank(path)[0] < len(PREFERRED) and _draws_all(path)), None)


def _rank(path: Path) -> tuple[int, bool]:
    name = path.name.lower().replace("-", "").replace("_", "")
    place = next((at for at, word in enumerate(PREFERRED) if word in name), len(PREFERRED))
    return place, "regular" not in name


def _draws_all(path: Path) -> bool:
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415

    try:
        font = FT2Font(str(path))
    except (OSError, RuntimeError):
        return False
    return all(font.get_char_index(ord(letter)) for letter in PROBE)

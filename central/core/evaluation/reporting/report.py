"""What a report is made of, before any file format: headings, paragraphs, tables and charts, each with its source."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is 一、 to 九、, level 2 （一） and so on."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short texts, one below the other."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header, and where its figures come from. `widths` are parts of the page's width."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str
    widths: tuple[int, ...]
    merged: int = 0
    """So many first columns show the same words once, over all rows that share them."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars: what was got of what was possible, for each name."""

    caption: str
    names: tuple[str, ...]
    got: tuple[Decimal, ...]
    possible: tuple[Decimal, ...]
    words: tuple[str, str, str]
    """Of the bars that were got, of those that were possible, of the axis."""
    source: str


Block = Heading | Paragraph | Bullets | Table | Chart


@dataclass(frozen=True, slots=True)
class Report:
    """A title page and what follows."""

    title: str
    subtitle: str
    cover: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]

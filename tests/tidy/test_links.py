"""Links between the repository's own pages lead somewhere, to the heading too."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.sources import shown, text_files

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]*)(?:#([^)\s]+))?[^)]*\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
FENCED = re.compile(r"```.*?```", re.DOTALL)
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
PAGES = [path for path in text_files() if path.suffix == ".md"]


def links() -> Iterator[tuple[Path, str, str]]:
    """Yield (page, target, anchor) of every link to another page or place of ours."""
    for path in PAGES:
        for target, anchor in LINK.findall(CODE.sub("", path.read_text(encoding="utf-8"))):
            if "://" not in target and not target.startswith("mailto:"):
                yield path, target, anchor


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as forges make them."""
    headings = HEADING.findall(FENCED.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_relative_links_lead_to_files() -> None:
    assert [f"{shown(path)} -> {target}" for path, target, _ in links() if not (path.parent / target).exists()] == []


def test_anchors_lead_to_headings() -> None:
    named = [(path, path.parent / target if target else path, anchor) for path, target, anchor in links() if anchor]
    assert len(named) > 10
    lost = [f"{shown(path)} -> {page.name}#{anchor}" for path, page, anchor in named if anchor not in anchors(page)]
    assert lost == []

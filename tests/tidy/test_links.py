"""Links between the repository's own pages lead somewhere."""

import re

from tests.support.sources import shown, text_files

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def test_relative_links_lead_to_files() -> None:
    dead = [
        f"{shown(path)} -> {target}"
        for path in text_files()
        if path.suffix == ".md"
        for target in LINK.findall(CODE.sub("", path.read_text(encoding="utf-8")))
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists()
    ]
    assert dead == []

"""What docs/exchange.md tells partners to check a delivery with."""

import re

from tests.support.sources import REPOSITORY


def documented_check() -> object:
    """Return `is_genuine` as docs/exchange.md prints it."""
    page = (REPOSITORY / "docs" / "exchange.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    known: dict[str, object] = {}
    exec(code, known)  # noqa: S102 - our own page
    return known["is_genuine"]

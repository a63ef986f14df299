"""What figures should reach."""

from collections.abc import Sequence
from typing import Protocol

from central.core.kpis.targets import Target, Targets


class TargetStore(Protocol):
    """Targets by the order in which they were said; nothing is taken away."""

    def append(self, words: Sequence[Target]) -> None:
        """Keep more words; each with who entered it and when."""
        ...

    def all(self, indicator: str | None = None) -> Targets:
        """Everything that was said of figures that there are, or all about one of them."""
        ...

"""What figures should reach."""

from collections.abc import Sequence
from typing import Protocol

from central.core.kpis.targets import Target, Targets
from central.core.values import Page
from central.stores.ports.records import PageRequest


class TargetStore(Protocol):
    """Targets by the order in which they were said; nothing is taken away."""

    def hold(self) -> None:
        """Let nobody else add until this transaction ends: what is looked up now still holds when it is added to."""
        ...

    def append(self, words: Sequence[Target]) -> None:
        """Keep more words; each with who entered it and when."""
        ...

    def page(self, indicator: str | None, page: PageRequest) -> Page[Target]:
        """A part of `all`, in the order in which it was said. Raises `BadCursor`."""
        ...

    def all(self, indicator: str | None = None) -> Targets:
        """Everything that was said of figures that there are, or all about one of them."""
        ...

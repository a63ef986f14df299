"""What a new version of the table changes."""

from collections.abc import Iterable
from dataclasses import dataclass

from central.core.standards.book import Standard


@dataclass(frozen=True, slots=True)
class Changes:
    """Standards by what became of them; `changed` are pairs of before and after."""

    added: tuple[Standard, ...] = ()
    changed: tuple[tuple[Standard, Standard], ...] = ()
    removed: tuple[Standard, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is a difference at all."""
        return bool(self.added or self.changed or self.removed)


def changes(before: Iterable[Standard], after: Iterable[Standard]) -> Changes:
    """What is different, by id; the order of rows means nothing. A reworded condition is one removed, one added."""
    old, new = ({row.id: row for row in rows} for rows in (before, after))
    return Changes(
        added=tuple(row for one, row in new.items() if one not in old),
        changed=tuple((old[one], row) for one, row in new.items() if one in old and old[one] != row),
        removed=tuple(row for one, row in old.items() if one not in new),
    )

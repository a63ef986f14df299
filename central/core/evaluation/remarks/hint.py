"""A remark (自查提示)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from protocol.texts import Said, Words


@dataclass(frozen=True, slots=True)
class Hint(Said):
    """One remark. `id` names its kind, `where` the key of the facts file that it is about."""

    id: str
    where: str
    words: Words
    values: Mapping[str, object] = field(default_factory=dict)

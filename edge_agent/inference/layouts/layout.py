"""What a layout is: how one family of detectors is recognised, fed and read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from edge_agent.inference.preprocess import Feed, Size
from edge_agent.inference.suppression import Candidates, Floats
from protocol.plain_text import one_line
from protocol.texts import Words

Answer = Mapping[str, Floats]
"""What the network says to one picture: its outputs by name, in their order."""
Shape = tuple[int, ...]


class Evidence(IntEnum):
    """What speaks for a layout; the stronger one decides."""

    NONE = 0
    SHAPES = 1
    METADATA = 2
    NAMES = 3


@dataclass(frozen=True, slots=True)
class Signature:
    """What is known of a model file: names, metadata, input size, and its answers to the probe pictures."""

    inputs: tuple[str, ...]
    metadata: Mapping[str, object]
    size: Size
    probes: tuple[Answer, ...]

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the outputs."""
        return tuple(self.probes[0])

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """Shapes of the outputs, as they came for a probe picture."""
        return tuple(output.shape for output in self.probes[0].values())

    def single(self, rank: int) -> Shape | None:
        """Shape of the only output, of a model with one input; None if there are more or its rank is another."""
        alone = len(self.inputs) == 1 and len(self.shapes) == 1 and len(self.shapes[0]) == rank
        return self.shapes[0] if alone and (rank == 2 or self.shapes[0][0] == 1) else None  # noqa: PLR2004 - a table without a batch

    @property
    def task(self) -> str:
        """What the metadata says that the model does; `detect` if they say nothing."""
        return one_line(str(self.metadata.get("task", "detect")))

    def says(self, key: str) -> bool:
        """Whether the metadata, or the exporter's arguments in it, hold a true `key`."""
        arguments = self.metadata.get("args")
        inside = arguments.get(key) if isinstance(arguments, Mapping) else None
        return any(str(value).lower() == "true" for value in (self.metadata.get(key), inside))


@dataclass(frozen=True, slots=True)
class View:
    """The two sizes that boxes may be written in: of the network's input, and of the picture it was shown."""

    size: Size
    picture: Size


@dataclass(frozen=True, slots=True)
class Layout:
    """How one family of detectors is recognised, fed and read.

    `evidence`: what in names, metadata and shapes speaks for it. `denies`: what in the probe speaks against it, or
    None. `decode`: an answer as candidates down to a score, boxes in pixels of the network's input. `class_count`: how
    many classes the outputs have room for, None where they do not show it. `overlap_max`: of two boxes of one class
    that share more than this the weaker goes; None where the network has done that itself. `named`: what a card or
    configuration may call it besides its own name. `exporters`: for people.
    """

    name: str
    exporters: str
    evidence: Callable[[Signature], Evidence]
    denies: Callable[[Signature], Words | None]
    feed: Feed
    decode: Callable[[Answer, View, float], Candidates]
    class_count: Callable[[Signature], int | None]
    overlap_max: float | None = None
    named: frozenset[str] = frozenset()

    def is_called(self, name: str) -> bool:
        """Whether a card or configuration may mean this layout by `name`."""
        return name == self.name or name in self.named


def first(answer: Answer) -> Floats:
    """The first output."""
    return next(iter(answer.values()))


def unsaid(seen: Signature) -> None:
    """The class count of outputs that hold class numbers instead of a score for each class."""

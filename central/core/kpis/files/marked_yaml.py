"""Small YAML texts as nodes that know where they stand: bounded, without references, each mistake with its place."""

import re
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from typing import TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from protocol.texts import Words

TEXT_CHARS_MAX = 200_000
DEPTH_MAX = 12
ITEMS_MAX = 100
WORDS_CHARS_MAX = 200
FAULTS_SHOWN_MAX = 10

Kept = TypeVar("Kept")
Fields = Mapping[str, Node]


class BadFile(ValueError):
    """A text of which nothing is taken; one line `line:column: mistake` for each fault."""


class Fault(Exception):
    """One mistake and where it stands."""

    def __init__(self, node: Node, text: str) -> None:
        mark = node.start_mark
        super().__init__(f"{mark.line + 1}:{mark.column + 1}: {text}")


def composed(text: str, begins: str) -> Node:
    """The text's root; `begins`: how such a text begins. Raises `BadFile`."""
    if len(text) > TEXT_CHARS_MAX:
        raise BadFile(f"1:1: longer than {TEXT_CHARS_MAX} characters; such a file is a small text")
    yaml = YAML(typ="rt")
    yaml.max_depth = DEPTH_MAX
    try:
        root = yaml.compose(StringIO(text))
    except MaxDepthExceededError:
        raise BadFile(f"1:1: nested deeper than {DEPTH_MAX}; this is no such file") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = "1:1" if mark is None else f"{mark.line + 1}:{mark.column + 1}"
        raise BadFile(f"{at}: not YAML: {error.problem or 'cannot be read'}") from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise BadFile(f"1:1: not YAML: {str(error).splitlines()[0][:80]}") from None
    if not isinstance(root, Node):
        raise BadFile(f"1:1: the text is empty; it begins with `{begins}`")
    _require_written_out(root)
    return root


def _require_written_out(root: Node) -> None:
    """A few references can unfold into endless values."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            raise BadFile(str(Fault(node, "this is used again by a reference (*name); write it out each time")))
        seen.add(id(node))
        if isinstance(node, MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, SequenceNode):
            waiting += node.value


def each(nodes: Sequence[Node], make: Callable[[Node], Kept]) -> tuple[Kept, ...]:
    """What `make` makes of every node. Raises `BadFile` with the first faults of all of them."""
    made: list[Kept] = []
    faults: list[str] = []
    for node in nodes:
        try:
            made.append(make(node))
        except Fault as fault:
            faults.append(str(fault))
    if faults:
        more = [f"and {len(faults) - FAULTS_SHOWN_MAX} more"] if len(faults) > FAULTS_SHOWN_MAX else []
        raise BadFile("\n".join([*faults[:FAULTS_SHOWN_MAX], *more]))
    return tuple(made)


def fields_of(node: Node, needed: Sequence[str], allowed: Sequence[str] = ()) -> Fields:
    """The values of a mapping by their keys: all that are needed, none that is not known. Raises `Fault`."""
    if not isinstance(node, MappingNode):
        raise Fault(node, f"expected lines with {', '.join(needed or allowed)}")
    fields: dict[str, Node] = {}
    for key, value in node.value:
        name = text_of(key)
        if name not in {*needed, *allowed}:
            raise Fault(key, f"{name[:40]!r} is not known here; known are {', '.join([*needed, *allowed])}")
        if name in fields:
            raise Fault(key, f"{name} stands twice; keep one")
        fields[name] = value
    missing = [name for name in needed if name not in fields]
    if missing:
        raise Fault(node, f"{', '.join(missing)} missing")
    return fields


def items_of(node: Node, what: str, most: int = ITEMS_MAX) -> Sequence[Node]:
    """The members of a list. Raises `Fault`."""
    if not isinstance(node, SequenceNode) or not 0 < len(node.value) <= most:
        raise Fault(node, f"{what} is a list of 1 to {most}, each begun with a dash")
    items: Sequence[Node] = node.value
    return items


def words_of(node: Node) -> Words:
    """A text in both languages. Raises `Fault`."""
    fields = fields_of(node, ("zh", "en"))
    return Words(zh=text_of(fields["zh"]), en=text_of(fields["en"]))


def text_of(node: Node, most: int = WORDS_CHARS_MAX) -> str:
    """A text without white space around it. Raises `Fault`."""
    if not isinstance(node, ScalarNode) or not 0 < len(node.value.strip()) <= most:
        raise Fault(node, f"expected a text of 1 to {most} characters")
    return str(node.value).strip()


def matched(node: Node, pattern: re.Pattern[str], expected: str) -> str:
    """A text of a form. Raises `Fault`."""
    text = text_of(node)
    if pattern.fullmatch(text) is None:
        raise Fault(node, f"{text[:40]!r} is not {expected}")
    return text


def at(node: Node, make: Callable[[], Kept], refused: type[Exception]) -> Kept:
    """What `make` makes; where it is refused, the fault stands at the node. Raises `Fault`."""
    try:
        return make()
    except refused as error:
        raise Fault(node, str(error)) from None

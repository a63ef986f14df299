"""The case machine as a page to read, made from the table. Pure; words come from whoever asks."""

from collections.abc import Callable, Iterable, Iterator

from central.core.case_machine.guards import WORDS
from central.core.case_machine.stages import STAGE_LIMITS
from central.core.case_machine.table import OPENINGS, TABLE, Cell
from central.core.case_machine.words import OPEN, STAGES, CaseAction, CaseStatus, Post
from protocol.texts import Language

Word = Callable[[Language, str, str], str]
"""The word of a group (`status`, `action`, `post`, `stage`) for a code, in a language."""

DRAWN_AT_MOST = 5
"""An action that more statuses know is left out of the drawing, which would show little else."""
HEAD = """# Case machine

Generated from `central/core/case_machine` by `python docs/generate.py`; do not edit. How it came about:
[ADR 27](adr/0027-one-table-for-the-life-of-a-case.md).

`POST /api/v1/cases/{case}/actions` does what stands here and nothing else. An action that the status does not know is
answered 409, a person without one of the posts 403, a condition that is not met 422 with its name.
"""
POSTS_INTRO = """Which role fills which posts is the setting `roles` of `central.yaml`. Boxes act as `camera`, rules of
central as `clock`, systems of outside parties as `partner`.
"""
DIAGRAM_INTRO = """Actions that leave the status as it is, that lead back to where the case came from, or that nearly
every status knows ({everywhere}) stand in the tables only.
"""


def page(word: Word) -> str:
    """Markdown: a drawing, then statuses with their actions, posts, conditions and clocks."""
    parts = [
        HEAD,
        "## Diagram\n",
        DIAGRAM_INTRO.format(everywhere=", ".join(f"`{action}`" for action in _everywhere())),
        "```mermaid\n" + "\n".join(_diagram(word)) + "\n```\n",
        "## How a case begins\n",
        _table(_HEADINGS, (_row(action, cell, word) for action, cell in OPENINGS.items())),
        "## What each status knows\n",
        *(_section(status, word) for status in CaseStatus),
        "## Posts\n",
        POSTS_INTRO,
        _table(("code", "中文", "English"), ((f"`{post}`", *_both(word, "post", post)) for post in Post)),
        "## Conditions\n",
        _table(("code", "中文", "English"), ((f"`{guard}`", words.zh, words.en) for guard, words in WORDS.items())),
        "## Clocks\n",
        _table(("stage", "中文", "English", "runs in", "limit"), _clocks(word)),
    ]
    return "\n".join(parts).rstrip() + "\n"


_HEADINGS = ("action", "中文", "English", "to", "posts", "conditions")


def _diagram(word: Word) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield from (f'    state "{word(Language.CHINESE, "status", one)} {one}" as {one}' for one in CaseStatus)
    for action, cell in OPENINGS.items():
        yield f"    [*] --> {cell.to}: {word(Language.CHINESE, 'action', action)}"
    arrows: dict[tuple[CaseStatus, CaseStatus], list[str]] = {}
    for (status, action), cell in TABLE.items():
        if cell.to not in {None, status} and action not in _everywhere():
            arrows.setdefault((status, cell.to), []).append(word(Language.CHINESE, "action", action))
    yield from (f"    {begin} --> {end}: {' / '.join(names)}" for (begin, end), names in arrows.items())
    yield from (f"    {status} --> [*]" for status in CaseStatus if status not in OPEN)


def _everywhere() -> list[CaseAction]:
    known = [action for _, action in TABLE]
    return [action for action in CaseAction if known.count(action) > DRAWN_AT_MOST]


def _section(status: CaseStatus, word: Word) -> str:
    cells = [(action, TABLE[status, action]) for action in CaseAction if (status, action) in TABLE]
    zh, en = _both(word, "status", status)
    body = (
        _table(_HEADINGS, (_row(action, cell, word) for action, cell in cells)) if cells else "Nothing; it is over.\n"
    )
    return f"### {zh} · {en} (`{status}`)\n\n{body}"


def _row(action: CaseAction, cell: Cell, word: Word) -> tuple[str, ...]:
    return (
        f"`{action}`",
        *_both(word, "action", action),
        f"`{cell.to}`" if cell.to is not None else "back to where it was",
        ", ".join(f"`{post}`" for post in Post if post in cell.posts),
        ", ".join(f"`{guard}`" for guard in cell.guards),
    )


def _clocks(word: Word) -> Iterator[tuple[str, ...]]:
    for stage, limit in STAGE_LIMITS.items():
        statuses = ", ".join(f"`{status}`" for status, found in STAGES.items() if found is stage)
        yield f"`{stage}`", *_both(word, "stage", stage), statuses, f"{limit.limit} ({limit.system})"


def _both(word: Word, group: str, code: str) -> tuple[str, str]:
    return word(Language.CHINESE, group, code), word(Language.ENGLISH, group, code)


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in (headings, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(headings), *lines[1:]]) + "\n"

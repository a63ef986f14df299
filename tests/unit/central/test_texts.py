"""Both languages say the same things, every code has a word, and pages hold no words of their own."""

import ast
import re
import string
from collections.abc import Iterable, Iterator
from enum import StrEnum

import pytest

from central.core.case_machine import (
    OPENINGS,
    CameraWord,
    CaseAction,
    CaseStatus,
    Post,
    RejectReason,
    Stage,
    TransferAnswer,
)
from central.core.cases.casefile import Occurrence
from central.core.exchange import Party
from central.core.kpis import FACTOR_WORDS
from central.core.kpis.registry.wording import FIELD_WORDS
from central.core.values import BoxCondition, BoxOfflineReason, CaseSource, Role
from central.settings.texts import load_texts
from protocol.messages import CameraReason, CameraState, EndReason, EvidenceKind
from protocol.texts import Language
from tests.support.sources import REPOSITORY, python_files, strings, tree

CHINESE, ENGLISH = load_texts(Language.CHINESE), load_texts(Language.ENGLISH)
HANZI = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
KEY = re.compile(r"[a-z_]+(\.[a-z_]*[a-z])+")
PREFIXES = (
    "page.", "sign_in.", "link.", "queue.", "case.", "decision.", "history.", "cameras.", "alerts.", "help.",
    "figures.",
)  # fmt: skip


def places(text: str) -> set[str]:
    """Return the names of the {places} of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


OTHER_WORDS = {"证人": "见证", "路侧盒": "边缘盒", "盒子": "边缘盒", "责任部门": "责任单位", "印记": "封存值"}
"""What texts called a thing that the glossary names otherwise."""


def test_one_thing_has_one_name_on_all_pages() -> None:
    assert [(key, word) for key, text in CHINESE.entries.items() for word in OTHER_WORDS if word in text] == []
    named = [*FIELD_WORDS.values(), *FACTOR_WORDS.values()]
    assert [one.zh for one in named if any(word in one.zh for word in OTHER_WORDS)] == []
    glossary = (REPOSITORY / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert [word for word in OTHER_WORDS.values() if f" {word}" not in glossary] == []


def test_both_languages_have_the_same_keys() -> None:
    assert list(CHINESE.entries) == list(ENGLISH.entries)


@pytest.mark.parametrize("key", list(CHINESE.entries))
def test_both_languages_fill_the_same_places(key: str) -> None:
    assert places(CHINESE.entries[key]) == places(ENGLISH.entries[key])


@pytest.mark.parametrize("texts", [CHINESE, ENGLISH], ids=["zh-CN", "en"])
@pytest.mark.parametrize(
    ("group", "codes"),
    [
        ("status", CaseStatus),
        ("role", Role),
        ("state", CameraState),
        ("state", BoxCondition),
        ("reason", CameraReason),
        ("reason", BoxOfflineReason),
        ("evidence", EvidenceKind),
        ("source", CaseSource),
        ("reject", RejectReason),
        ("step", Occurrence),
        ("step", [one for one in CaseAction if one not in OPENINGS]),
        ("end", EndReason),
        ("action", CaseAction),
        ("post", Post),
        ("stage", Stage),
        ("party", Party),
        ("transfer_answer", TransferAnswer),
        ("camera", CameraWord),
    ],
    ids=lambda value: value if isinstance(value, str) else getattr(value, "__name__", "some"),
)
def test_every_code_has_a_word(texts: object, group: str, codes: Iterable[StrEnum]) -> None:
    entries = texts.entries  # type: ignore[attr-defined]
    assert [code for code in codes if f"{group}.{code}" not in entries] == []


def test_no_english_text_counts_one_of_several() -> None:
    # "1 cases" reads badly: a number stands behind its word, as in "cases: 1".
    counted = re.compile(r"\{(count|frames|falls|failures)\} [a-z]+s\b")
    assert [key for key, text in ENGLISH.entries.items() if counted.search(text)] == []


def test_an_unknown_code_stands_for_itself() -> None:
    assert CHINESE.word("scene", "made_up") == "made_up"
    assert CHINESE.word("reason", None) == ""


def page_strings() -> Iterator[str]:
    """Yield every text literal in the code of the pages, docstrings left out."""
    for path in python_files("central/web"):
        module = tree(path)
        documents = {
            id(node.body[0].value)
            for node in ast.walk(module)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        yield from (str(text.value) for text in strings(module) if id(text) not in documents)


def test_pages_hold_no_chinese_of_their_own() -> None:
    assert [text for text in page_strings() if HANZI.search(text)] == []


def test_every_key_that_pages_use_is_there() -> None:
    used = {text for text in page_strings() if KEY.fullmatch(text) and text.startswith(PREFIXES)} - {"figures.css"}
    assert used - set(CHINESE.entries) == set()
    assert used

"""Words by which cases are found, in Chinese and English: the terms of a text, and what a query asks of them.

A run of Chinese characters (Han) is kept as its overlapping pairs and its last character alone, so that a single
character finds every term that begins with it; anything else is kept as whole words. Databases keep and compare terms
as they are, and so find the same.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

CHARS_MAX = 100_000
"""How much of one text is read."""
TERMS_MAX = 4_000
"""Terms of one text."""
CASE_TERMS_MAX = 8_000
"""Terms of one case. With `WORD_CHARS_MAX` it keeps them below the size that PostgreSQL gives a tsvector (1 MiB)."""
WORD_CHARS_MAX = 32
"""A longer word is cut, in texts and in queries."""
QUERY_CHARS_MAX = 200
QUERY_TERMS_MAX = 200

_HAN = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|[^\W_{_HAN}]+")


@dataclass(frozen=True, slots=True)
class Query:
    """What a case must have: every one of `words`, and for each of `beginnings` a term that begins with it.

    All consist of letters and digits alone. Empty: nothing was asked for.
    """

    words: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.beginnings)


def terms(text: str) -> tuple[str, ...]:
    """The terms of a text in the order of their first places, each once; `TERMS_MAX` at most."""
    return tuple(islice(dict.fromkeys(_terms(text)), TERMS_MAX))


def query(text: str) -> Query:
    """What `text` asks for; all of it must be there, in any order."""
    words: dict[str, None] = {}
    beginnings: dict[str, None] = {}
    for run, is_han in islice(_runs(text[:QUERY_CHARS_MAX]), QUERY_TERMS_MAX):
        if is_han and len(run) == 1:
            beginnings[run] = None
        else:
            words |= dict.fromkeys(_pairs(run) if is_han else [run])
    return Query(tuple(islice(words, QUERY_TERMS_MAX)), tuple(beginnings))


def joined(held: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    """The terms of a case with further ones; `CASE_TERMS_MAX` at most, the first come."""
    return tuple(islice(dict.fromkeys(chain(held, more)), CASE_TERMS_MAX))


def _terms(text: str) -> Iterator[str]:
    for run, is_han in _runs(text):
        if is_han:
            yield from _pairs(run)
            yield run[-1]
        else:
            yield run


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    for found in _RUN.finditer(_folded(text[:CHARS_MAX])):
        is_han = found["han"] is not None
        yield (found[0] if is_han else found[0][:WORD_CHARS_MAX]), is_han


def _folded(text: str) -> str:
    """One spelling of what looks the same: full and half width, upper and lower case."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))

"""Text that strangers wrote, made harmless: no terminal, log or database is changed by what cannot be seen."""

from unicodedata import category

from pydantic import AfterValidator

from protocol.texts import BadValue, Words

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control and format signs, halves of surrogate pairs, separators of lines and paragraphs."""
_UNSEEN_SIGN = Words(
    "含有看不见的字符，例如换行；请写一行普通文字",
    "holds a sign that cannot be seen, such as a line break; write one line of plain text",
)
_JOINERS = frozenset("\u200c\u200d")
"""Format signs that scripts and emoji need."""


def is_plain(text: str) -> bool:
    """Whether everything in `text` can be seen, and stands in one line."""
    return not any(map(_is_unseen, text))


def one_line(text: str) -> str:
    """`text` in one line: runs of blanks and of what cannot be seen become one blank, none at either end."""
    return " ".join("".join(" " if _is_unseen(sign) else sign for sign in text).split())


def shown(text: str) -> str:
    """`text` for a terminal: line breaks stay, all else that cannot be seen is written as an escape."""
    return "".join(_escaped(sign) if _is_unseen(sign) and sign != "\n" else sign for sign in text)


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")


def _is_unseen(sign: str) -> bool:
    return category(sign) in _UNSEEN and sign not in _JOINERS


def _plain(text: str) -> str:
    if not is_plain(text):
        raise BadValue(_UNSEEN_SIGN)
    return text


Plain = AfterValidator(_plain)
"""Beside `str` in `Annotated`: refuses what cannot be seen."""

"""Text of strangers, made harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.plain_text import is_plain, one_line, shown

PLAIN = ("", "占道经营　一号", "Crème brûlée", "👨‍👩‍👧 stall", "کیوسک‌ها")
UNSEEN = ("a\nb", "\x1b[31mred", "\x00", "a\x9bm", "\u202egnp.exe", "\u2028", "\ud800", "\ufeffname", "\u200b")


@pytest.mark.parametrize("text", PLAIN)
def test_what_people_write_is_plain(text: str) -> None:
    assert is_plain(text)
    assert shown(text) == text


@pytest.mark.parametrize("text", UNSEEN)
def test_what_cannot_be_seen_is_not(text: str) -> None:
    assert not is_plain(text)


@given(st.text() | st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"])))
def test_what_was_made_plain_can_be_written_anywhere(text: str) -> None:
    line = one_line(text)
    assert is_plain(line)
    assert line == line.strip() == one_line(line)
    assert line.encode().decode() == line
    assert all(is_plain(part) for part in shown(text).split("\n"))


def test_an_escape_is_written_and_line_breaks_stay() -> None:
    assert shown("a\x1b[2K\nb\u202e") == "a\\x1b[2K\nb\\u202e"

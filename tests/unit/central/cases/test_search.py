"""What texts are found by: tables of what is asked for, and any text by any part of it."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.cases.search import (
    CASE_TERMS_MAX,
    QUERY_TERMS_MAX,
    TERMS_MAX,
    WORD_CHARS_MAX,
    Query,
    joined,
    query,
    terms,
)
from tests.support.searching import HAN, HOSTILE, finds

TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("垃圾暴露流动摊贩々〇甘 Eeß12ſΣς'\"*\u0301")), max_size=60)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        (" ,，。!！_-\x00", ()),
        ("圾", ("圾",)),
        ("垃圾", ("垃圾", "圾")),
        ("暴露垃圾", ("暴露", "露垃", "垃圾", "圾")),
        ("流动摊贩", ("流动", "动摊", "摊贩", "贩")),
        ("甘E12345", ("甘", "e12345")),
        ("Rubbish at 东大街5号, rubbish!", ("rubbish", "at", "东大", "大街", "街", "5", "号")),
        ("ＡＢＣ１２", ("abc12",)),
        ("STRASSE straße", ("strasse",)),
        ("E20260302-0007", ("e20260302", "0007")),
        ("exposed_rubbish", ("exposed", "rubbish")),
        ("x" * 99, ("x" * WORD_CHARS_MAX,)),
        ("垃圾\x00圾", ("垃圾", "圾")),
        ("𠀀𠀁", ("𠀀𠀁", "𠀁")),
        ("\ud800垃", ("垃",)),
    ],
)
def test_the_terms_of_a_text(text: str, found: tuple[str, ...]) -> None:
    assert terms(text) == found


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Query()),
        ('"* () ^', Query()),
        ("垃", Query((), ("垃",))),
        ("垃圾", Query(("垃圾",))),
        ("流动摊贩", Query(("流动", "动摊", "摊贩"))),
        ("甘E12345", Query(("e12345",), ("甘",))),
        ("垃圾 NOT 摊", Query(("垃圾", "not"), ("摊",))),
        ("Near:Rubbish*", Query(("near", "rubbish"))),
    ],
)
def test_what_a_query_asks(text: str, asked: Query) -> None:
    assert query(text) == asked
    assert bool(asked) is (asked != Query())


@pytest.mark.parametrize("document", ["门前有暴露垃圾一堆", "甘E12345 流动摊贩占道", "Rubbish 垃"])
@pytest.mark.parametrize(
    ("asked", "holding"),
    [
        ("垃圾", {"门前有暴露垃圾一堆"}),
        ("暴露垃圾", {"门前有暴露垃圾一堆"}),
        ("流动摊贩", {"甘E12345 流动摊贩占道"}),
        ("甘e12345", {"甘E12345 流动摊贩占道"}),
        ("甘E1234", set()),
        ("垃", {"门前有暴露垃圾一堆", "Rubbish 垃"}),
        ("rubbish", {"Rubbish 垃"}),
        ("堆 垃圾", {"门前有暴露垃圾一堆"}),
        ("垃圾 摊贩", set()),
    ],
)
def test_which_documents_are_found(document: str, asked: str, holding: set[str]) -> None:
    assert finds(query(asked), terms(document)) is (document in holding)


@given(document=TEXTS, data=st.data())
def test_a_document_is_found_by_every_part_of_its_chinese_and_every_word(document: str, data: st.DataObject) -> None:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", document).casefold())
    runs = re.findall(rf"[{HAN}]+", plain)
    if runs:
        run = data.draw(st.sampled_from(runs))
        start = data.draw(st.integers(0, len(run) - 1))
        end = data.draw(st.integers(start + 1, len(run)))
        assert finds(query(run[start:end]), terms(document))
    for word in re.findall(rf"[^\W_{HAN}]+", plain):
        assert finds(query(word), terms(document))


@given(TEXTS, TEXTS)
def test_a_document_is_found_by_itself_whatever_stands_after_it(document: str, after: str) -> None:
    asked = query(document)
    assert finds(asked, terms(f"{document} {after}")) is bool(asked)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_terms_and_queries_are_letters_and_digits_alone(hostile: str) -> None:
    asked = query(hostile)
    for term in (*terms(hostile), *asked.words, *asked.beginnings):
        assert term.isalnum(), term


def test_long_texts_are_cut() -> None:
    book = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(10_000_000 // 3))
    assert len(terms(book)) == TERMS_MAX
    assert len(query(book).words) < QUERY_TERMS_MAX
    assert len(terms("\ufdfa" * 3_000_000)) <= TERMS_MAX


def test_a_case_keeps_the_first_terms_that_came() -> None:
    many = [str(number) for number in range(CASE_TERMS_MAX - 1)]
    assert joined(["b", "a"], ["a", "c"]) == ("b", "a", "c")
    assert joined(many, ["0", "x", "y"]) == (*many, "x")

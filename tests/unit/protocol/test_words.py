"""Words in both languages: values put in for good, sentences below each other, failures that say both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.texts import BadValue, Language, Told, Words, lines

NO_PLACE = Words("{path}：没有 {what}", "{path}: there is no {what}")


@given(path=st.text(), what=st.text())
def test_what_is_filled_in_is_said_as_it_is(path: str, what: str) -> None:
    filled = NO_PLACE.filled(path=path, what=what)
    assert filled.say(Language.ENGLISH) == f"{path}: there is no {what}"
    assert filled.say(Language.CHINESE) == f"{path}：没有 {what}"
    assert filled.filled().filled() == filled


def test_words_within_words_are_said_alike() -> None:
    inner = NO_PLACE.filled(path="{x}", what=Words("门线", "door line"))
    outer = Words("「{one}」", "[{one}]").filled(one=inner)
    assert outer.say(Language.CHINESE) == "「{x}：没有 门线」"
    assert outer.say(Language.ENGLISH) == "[{x}: there is no door line]"


def test_sentences_stand_below_each_other() -> None:
    both = lines([Words("甲", "a"), Words("{{乙}}", "{{b}}")])
    assert (both.say(Language.CHINESE), both.say(Language.ENGLISH)) == ("甲\n{乙}", "a\n{b}")


def test_a_refused_value_is_a_value_error_that_says_both() -> None:
    with pytest.raises(ValueError, match="there is no zone") as refused:
        raise BadValue(NO_PLACE, path="edge.yaml", what=Words("区域", "zone"))
    assert isinstance(refused.value, BadValue)
    assert refused.value.words.say(Language.CHINESE) == "edge.yaml：没有 区域"
    assert Told(refused.value.words).say(Language.CHINESE) == "edge.yaml：没有 区域"

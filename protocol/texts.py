"""Words for people in Chinese and English, from one source: a `Words` holds both, a `Language` picks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Language(StrEnum):
    """Languages that commands, pages and notices speak."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in both languages; `{name}` stands for a value."""

    zh: str
    en: str

    def say(self, language: Language, **values: object) -> str:
        """The sentence with its values, words among them said alike; one that it does not name is not shown."""
        said = {name: one.say(language) if isinstance(one, Words) else one for name, one in values.items()}
        return (self.zh if language is Language.CHINESE else self.en).format_map(said)

    def filled(self, **values: object) -> "Words":
        """The sentence with these values for good, whatever signs stand in them."""
        zh, en = (_as_it_is(self.say(language, **values)) for language in (Language.CHINESE, Language.ENGLISH))
        return Words(zh, en)


NOTHING = Words("", "")
"""Where nothing is said."""


def _as_it_is(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def lines(sentences: Iterable[Words]) -> Words:
    """Sentences below each other."""
    held = tuple(sentences)
    return Words("\n".join(one.zh for one in held), "\n".join(one.en for one in held))


class Said:
    """What a value with `words` and their `values` says; the base of faults and remarks, without fields of its own."""

    __slots__ = ()
    words: Words
    values: Mapping[str, object]

    def say(self, language: Language) -> str:
        """The sentence with its values."""
        return self.words.say(language, **self.values)


class BadValue(ValueError):
    """A value that a model refuses; `words` say in both languages what would be right. As text it is English."""

    def __init__(self, words: Words, **values: object) -> None:
        self.words = words.filled(**values)
        super().__init__(self.words.say(Language.ENGLISH))


class Told(Exception):
    """A failure that a person is told, in both languages; as text it is English, as logs are.

    A plain text stands for both, such as what a library says.
    """

    def __init__(self, words: Words | str, **values: object) -> None:
        self.words = Words(_as_it_is(words), _as_it_is(words)) if isinstance(words, str) else words.filled(**values)
        super().__init__(self.say(Language.ENGLISH))

    @classmethod
    def from_texts(cls, texts: Mapping[Language, str]) -> Self:
        """The same failure, told by another process."""
        told = cls(texts[Language.ENGLISH])
        told.words = Words(*(_as_it_is(texts[one]) for one in (Language.CHINESE, Language.ENGLISH)))
        return told

    def say(self, language: Language) -> str:
        """What a person is told."""
        return self.words.say(language)

    @property
    def texts(self) -> Mapping[Language, str]:
        """What a person is told, by language."""
        return {one: self.say(one) for one in Language}


def language_of(environment: Mapping[str, str]) -> Language:
    """The language of a terminal by `LC_ALL`, `LC_MESSAGES`, `LANG`: Chinese unless they name another country's."""
    names = (environment.get(variable, "") for variable in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if name), "")
    speaks_other = locale.partition(".")[0] not in {"", "C", "POSIX"} and not locale.startswith("zh")
    return Language.ENGLISH if speaks_other else Language.CHINESE

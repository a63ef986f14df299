"""Words for people in Chinese and English, from one source: a `Words` holds both, a `Language` picks."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


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
        """The sentence with its values; a value that the sentence does not name is not shown."""
        return (self.zh if language is Language.CHINESE else self.en).format_map(values)


def language_of(environment: Mapping[str, str]) -> Language:
    """The language of a terminal by `LC_ALL`, `LC_MESSAGES`, `LANG`: Chinese unless they name another country's."""
    names = (environment.get(variable, "") for variable in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if name), "")
    speaks_other = locale.partition(".")[0] not in {"", "C", "POSIX"} and not locale.startswith("zh")
    return Language.ENGLISH if speaks_other else Language.CHINESE

"""Words for people, in each language from one file: `zh-CN.json` is the default, `en.json` has the same keys."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from protocol.texts import Language


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of one language."""

    language: Language
    entries: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """The text of `key` with its `{places}` filled; KeyError when the key or a value is missing."""
        return self.entries[key].format(**values)

    def word(self, group: str, code: str | None) -> str:
        """The word for a code of a group (`state`, `reason`, `scene` ...); an unknown code stands for itself.

        Boxes of a later release and a city's own scenes bring codes that no file can know.
        """
        if code is None:
            return ""
        return self.entries.get(f"{group}.{code}", code)


@cache
def load_texts(language: Language) -> Texts:
    """Read the texts of a language from the package."""
    raw = files(__package__).joinpath(f"{language.value}.json").read_text(encoding="utf-8")
    return Texts(language, json.loads(raw))

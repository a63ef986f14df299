"""What has to be known beside figures, on a terminal and in JSON."""

from collections.abc import Iterable

from central.core.kpis import NOTE_WORDS, Note
from protocol.texts import Language


def note_lines(notes: Iterable[Note], language: Language) -> list[str]:
    """A line for each."""
    return [f"! {NOTE_WORDS[note].say(language)}" for note in notes]


def note_forms(notes: Iterable[Note], language: Language) -> dict[str, str]:
    """Each with its words, by id."""
    return {str(note): NOTE_WORDS[note].say(language) for note in notes}

"""What a case is found by."""

from central.settings.texts import load_texts
from protocol.texts import Language


def case_texts(number: str, place: str, description: str, label: str, scene: str | None) -> list[str]:
    """The texts of a case besides its notes, scene and label in both languages; who reported it is not among them."""
    codes = (("scene", scene), ("label", label))
    words = (load_texts(language).word(group, code) for group, code in codes for language in Language)
    return [number, place, description, *words, label, scene or ""]

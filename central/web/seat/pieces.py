"""The small pieces that panels are made of. All text goes through labels, so it never becomes HTML."""

from typing import Self

from nicegui import ui
from nicegui.element import Element


def block(classes: str, tag: str = "div") -> Element:
    """An element with our classes."""
    return ui.element(tag).classes(classes)


def words(classes: str, text: str = "") -> ui.label:
    """A label with our classes."""
    return ui.label(text).classes(classes)


def figure(count: int, *, has_more: bool) -> str:
    """How many are shown, `50+` where there are more."""
    return f"{count}+" if has_more else str(count)


def heading(classes: str, text: str = "", level: int = 2) -> ui.label:
    """A label that screen readers know as a heading."""
    return words(classes, text).props(f"role=heading aria-level={level}")


def attribute(element: Element, name: str, value: str | None) -> None:
    """Set or remove an attribute; nothing is sent where it stays the same."""
    if element.props.get(name) == value:
        return
    if value is None:
        element.props.pop(name, None)
    else:
        element.props[name] = value
    element.update()


def only_class(element: Element, prefix: str, chosen: str) -> None:
    """Give the element `chosen` and take away its other classes that begin with `prefix`."""
    others = [name for name in element.classes if name.startswith(prefix) and name != chosen]
    if others or chosen not in element.classes:
        element.classes(add=chosen, remove=" ".join(others))


def shown(element: Element, is_shown: bool) -> None:  # noqa: FBT001 - the value that it sets
    """Show or hide the element."""
    if is_shown == ("gw-hidden" in element.classes):
        element.classes(remove="gw-hidden") if is_shown else element.classes(add="gw-hidden")


class Empty:
    """What a panel says while it has nothing to show."""

    def __init__(self, title: str, sentence: str) -> None:
        """Draw the sentence in the current place."""
        with block("gw-empty") as self.element:
            self._title = words("gw-empty__title", title)
            self._sentence = words("", sentence)

    def tell(self, title: str, sentence: str) -> None:
        """Say something else."""
        self._title.set_text(title)
        self._sentence.set_text(sentence)

    def show(self, is_shown: bool) -> Self:  # noqa: FBT001 - the value that it sets
        """Show or hide it."""
        shown(self.element, is_shown)
        return self

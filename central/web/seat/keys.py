"""Keys of the seat, and the window that lists them."""

from collections.abc import Awaitable, Callable, Mapping

from nicegui import ui
from nicegui.events import GenericEventArguments

from central.web.seat.decision import BACK_KEY, CONFIRM_KEY, REJECT_KEY, TAKE_OVER_KEY
from central.web.seat.evidence import EARLIER_KEY, LATER_KEY
from central.web.seat.pieces import block, heading, words
from central.web.seat.visit import Visit

KEY_EVENT = "gw-key"
HELP = (
    ("J", "next"),
    ("K", "previous"),
    (EARLIER_KEY, "earlier"),
    (LATER_KEY, "later"),
    (CONFIRM_KEY, "confirm"),
    (REJECT_KEY, "reject"),
    (TAKE_OVER_KEY, "take_over"),
    (BACK_KEY, "back"),
    ("?", "help"),
)

Press = Callable[[], Awaitable[None]]


def listen_to_keys(presses: Mapping[str, Press]) -> None:
    """Call what belongs to a key's code (`KeyJ`); the page's script sends them, never while a person types."""

    async def press(event: GenericEventArguments) -> None:
        action = presses.get(str(event.args))
        if action is not None:
            await action()

    ui.on(KEY_EVENT, press)


def help_window(visit: Visit) -> ui.dialog:
    """The window that lists all keys."""
    with ui.dialog() as window, block("gw-dialog"):
        heading("gw-dialog__title", visit.say("help.title"))
        with block("gw-keys"):
            for key, name in HELP:
                words("gw-key", key)
                words("", visit.say(f"help.{name}"))
    return window

"""The seat put together: panels, keys, and what happens when a person chooses or decides."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from nicegui import run, ui

from central.core.case_machine import CaseAction, RejectReason, Wish
from central.services.cases.choice_words import guard_words
from central.stores.ports import StoreUnavailable
from central.web.door.routes import SIGN_IN
from central.web.seat.decision import REASONS, DecisionPanel
from central.web.seat.desk import Desk, Detail, Overview, Refusal, Tab, chosen_stay
from central.web.seat.evidence import EvidencePanel
from central.web.seat.forms import Deeds
from central.web.seat.header import Header
from central.web.seat.keys import Press, help_window, listen_to_keys
from central.web.seat.pieces import block, words
from central.web.seat.plant import AlertPanel, CameraPanel
from central.web.seat.queue import QueuePanel
from central.web.seat.visit import Visit

IDLE = timedelta(minutes=5)
"""Who has touched nothing for so long is not at work: their lease is not renewed."""


class SeatPage:
    """One open page. All methods run on the event loop; the desk is asked in a thread."""

    def __init__(
        self, visit: Visit, desk: Desk, refresh: Callable[[], Awaitable[None]], case: str | None = None
    ) -> None:
        """Draw the page; `refresh` brings all open pages up to date at once, `case` is chosen at the beginning."""
        self._client = ui.context.client
        self._visit = visit
        self._desk = desk
        self._refresh = refresh
        self._loads = 0
        self._chosen = self._asked = case
        self._episode: str | None = None
        self._detail: Detail | None = None
        self._notes: dict[str, str] = {}
        self._lock = asyncio.Lock()
        self._is_over = False
        self._at_work: datetime | None = None
        self._overview: Overview | None = None
        with block("gw-app") as self._everything:
            with block("gw-skip", "a").props("href=#gw-queue"):
                words("", visit.say("page.skip"))
            self._header = Header(visit)
            with block("gw-body", "main"):
                self._queue = QueuePanel(visit, self.choose, self.turn_to)
                self._evidence = EvidencePanel(visit, self._turn)
                self._decision = DecisionPanel(
                    visit, self.decide, self.take_over, Deeds(self.act, self.keep, self.work)
                )
                self._alerts = AlertPanel(visit)
                self._cameras = CameraPanel(visit)
        self._help = help_window(visit)
        self._header.help.on("click", self._help.open)
        self._listen()

    async def show(self, overview: Overview) -> None:
        """Bring everything up to date; what the person chose stays chosen. Who may not look any more sees the door."""
        try:
            person = await asyncio.to_thread(self._visit.current)
        except StoreUnavailable:
            return
        with self._client:
            if person is None:
                self._close()
            else:
                await self._show(overview)

    def _close(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._everything.delete()
            ui.run_javascript(f"location.replace('{SIGN_IN}?lang={self._visit.texts.language}')")

    async def _show(self, overview: Overview) -> None:
        self._header.show(overview)
        self._overview = overview
        self._queue.show(overview)
        self._alerts.show(overview)
        self._cameras.show(overview)
        if self._chosen is None and self._queue.order:
            self._at_work = None
            await self._change(self._queue.order[0])
        elif self._chosen is not None:
            await self._load()

    async def choose(self, case: str | None) -> None:
        """Show another case, which the person works on from now; the note typed for the one before is kept."""
        self._at_work = self._visit.clock.now()
        await self._change(case)

    async def _change(self, case: str | None) -> None:
        if self._is_over:
            return
        left = self._detail if case != self._chosen else None
        if case != self._chosen:
            self._keep_note()
            self._chosen = self._asked = case
            self._episode = None
            self._decision.put_note(self._notes.get(case or "", ""))
            self._decision.await_case()
        self._queue.mark(case)
        await self._load()
        if left is not None:
            await run.io_bound(self._desk.leave, left, self._visit.actor)

    async def turn_to(self, tab: Tab) -> None:
        """Show another list, with its first case."""
        if self._overview is None or tab is self._queue.tab:
            return
        self._queue.tab = tab
        self._queue.show(self._overview)
        self._at_work = None
        await self._change(self._queue.order[0] if self._queue.order else None)

    def work(self) -> None:
        """Note that the person works on the chosen case."""
        self._at_work = self._visit.clock.now()

    async def act(self, wish: Wish, pictures: tuple[str, ...], into: str) -> None:
        """Take any action on the chosen case, and show what it has become."""
        detail = self._detail
        if detail is None or self._lock.locked():
            return
        async with self._lock:
            self._decision.busy(is_busy=True)
            refusal = await run.io_bound(self._desk.act, detail.view, wish, self._visit.current, pictures, into)
            self._decision.busy(is_busy=False)
        if refusal is None:
            self._decision.forms.done()
            word, number = self._visit.word("action", wish.action), detail.view.case.number
            self._notify(self._visit.say("form.done", action=word, number=number))
        await self._load()
        if refusal is None:
            await self._refresh()
        else:
            self._decision.forms.refuse(self._refusal_words(refusal))

    async def keep(self, data: bytes) -> str | None:
        """Store a photo of a form; None where it cannot be kept, and says so there."""
        kept = await run.io_bound(self._desk.keep_picture, data, self._visit.current)
        if isinstance(kept, Refusal):
            self._decision.forms.refuse(self._refusal_words(kept))
            return None
        return kept

    def _refusal_words(self, refusal: Refusal) -> str:
        return self._visit.say(refusal.text, guards=guard_words(refusal.guards, self._visit.texts))

    async def decide(self, action: CaseAction, reason: RejectReason | None, note: str) -> None:
        """Take a decision on the chosen case, then show the next candidate."""
        detail = self._detail
        if detail is None or self._lock.locked():
            return
        async with self._lock:
            self._decision.busy(is_busy=True)
            person = self._visit.current
            refusal = await run.io_bound(self._desk.decide, detail.view, action, person, reason, note)
            self._decision.busy(is_busy=False)
        if refusal is None:
            self._tell(detail, action, reason)
            await self._go_on(detail.view.case.id)
            await self._refresh()
        else:
            await self._load()
            self._decision.refuse(self._refusal_words(refusal))

    async def take_over(self) -> None:
        """Work on the chosen case instead of whoever does."""
        if self._chosen is not None:
            refusal = await run.io_bound(self._desk.take_over, self._chosen, self._visit.current)
            await self._load()
            if refusal is not None:
                self._decision.refuse(self._visit.say(refusal.text))

    def _listen(self) -> None:
        presses: dict[str, Press] = {
            "KeyJ": partial(self._step, 1),
            "KeyK": partial(self._step, -1),
            "BracketLeft": partial(self._turn, -1),
            "BracketRight": partial(self._turn, 1),
            "KeyA": self._decision.confirm,
            "KeyX": self._decision.choose_reason,
            "KeyT": self._decision.take_over,
            "Escape": self._back,
            "Slash": self._open_help,
        }
        for number in range(1, len(REASONS) + 1):
            for code in (f"Digit{number}", f"Numpad{number}"):
                presses[code] = partial(self._decision.reject, number)
        listen_to_keys({code: partial(self._press, press) for code, press in presses.items()})

    async def _press(self, press: Press) -> None:
        """A key; whoever presses one works on the case that is shown."""
        self._at_work = self._visit.clock.now()
        await press()

    async def _step(self, by: int) -> None:
        order = self._queue.order
        if not order:
            return
        at = order.index(self._chosen) + by if self._chosen in order else 0
        await self.choose(order[max(0, min(at, len(order) - 1))])

    async def _turn(self, by: int) -> None:
        """Show the pictures of an earlier or later episode; the newest one is followed as further ones come."""
        detail = self._detail
        if detail is None or detail.stay is None:
            return
        at = detail.stays.index(detail.stay) + by
        if 0 <= at < len(detail.stays):
            is_newest = at == len(detail.stays) - 1
            has_arrived = chosen_stay(detail.stays, None) == detail.stays[at]
            self._episode = None if is_newest and has_arrived else detail.stays[at].episode
            await self._load()

    async def _back(self) -> None:
        self._decision.back()

    async def _open_help(self) -> None:
        self._help.open()

    async def _load(self) -> None:
        """Read the chosen case anew; an answer that a later reading has overtaken is dropped."""
        self._loads += 1
        number, case, detail = self._loads, self._chosen, None
        if case is not None:
            try:
                at_work = self._at_work is not None and self._visit.clock.now() - self._at_work <= IDLE
                detail = await run.io_bound(self._desk.detail, case, self._visit.actor, self._episode, at_work=at_work)
            except StoreUnavailable:
                return
        if number == self._loads and not self._is_over:
            if detail is None and case is not None and case == self._asked:
                self._chosen = self._asked = None
                self._notify(self._visit.say("case.gone"))
            self._detail = detail
            self._evidence.show(detail)
            self._decision.show(detail)

    async def _go_on(self, done: str) -> None:
        """To the candidate that follows; without one, the next to arrive is shown by itself."""
        self._notes.pop(done, None)
        order = self._queue.order
        rest = [case for case in order if case != done]
        at = order.index(done) if done in order else 0
        if self._chosen == done:
            self._decision.put_note("")
            await self.choose(rest[min(at, len(rest) - 1)] if rest else None)

    def _keep_note(self) -> None:
        if self._chosen is not None:
            self._notes[self._chosen] = self._decision.note

    def _tell(self, detail: Detail, action: CaseAction, reason: RejectReason | None) -> None:
        number = detail.view.case.number
        word = self._visit.word("reject", reason)
        self._notify(self._visit.say(f"decision.done_{action}", number=number, reason=word))

    @staticmethod
    def _notify(text: str) -> None:
        ui.notify(text, position="bottom", color="dark", timeout=3000)

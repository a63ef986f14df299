"""Right: what may be done with the chosen case, by button or key, and what was done before."""

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import ui
from nicegui.element import Element

from central.core.case_machine import OPEN, CaseAction, RejectReason
from central.core.cases.casefile import CaseStep
from central.services.desks.actions import NOTE_LENGTH_MAX
from central.web.seat.desk import Detail
from central.web.seat.forms import ActionForms, Deeds
from central.web.seat.pieces import attribute, block, heading, shown, words
from central.web.seat.visit import Visit
from central.web.wording import actor_words, joined, step_words

Decide = Callable[[CaseAction, RejectReason | None, str], Awaitable[None]]

TakeOver = Callable[[], Awaitable[None]]

CONFIRM_KEY, REJECT_KEY, TAKE_OVER_KEY, BACK_KEY = "A", "X", "T", "Esc"
REASONS = tuple(RejectReason)


class DecisionPanel:
    """Offers the actions of the chosen case; waits for an answer before it takes the next key."""

    def __init__(self, visit: Visit, decide: Decide, take_over: TakeOver, deeds: Deeds) -> None:
        self._visit = visit
        self._decide = decide
        self._take_over = take_over
        self._detail: Detail | None = None
        self._is_busy = False
        self._is_awaited = False
        self._is_choosing = False
        self._shown_steps = 0
        with block("gw-panel gw-decision gw-live", "section"):
            with block("gw-panel__head"):
                heading("gw-panel__title", visit.say("decision.title"))
            with block("gw-panel__body"):
                with block("gw-decide"):
                    self._build_actions()
                self.forms = ActionForms(visit, deeds)
                self._history = block("gw-history")
        self.show(None)

    @property
    def note(self) -> str:
        """What the person typed."""
        return (self._note.value or "").strip()[:NOTE_LENGTH_MAX]

    def put_note(self, text: str) -> None:
        """Show a note that was typed before."""
        self._note.set_value(text)

    def show(self, detail: Detail | None) -> None:
        """Offer what may be done with a case."""
        if detail is None or self._detail is None or detail.view.case.id != self._detail.view.case.id:
            self._is_choosing = False
            self.refuse("")
            self._forget_history()
        self._detail = detail
        self._is_awaited = False
        self._halt()
        self.forms.show(detail)
        self._show_history(detail.history if detail else ())

    def refuse(self, text: str) -> None:
        """Say why a decision was not taken; empty: nothing to say."""
        self._refused.set_text(text)
        shown(self._refused, bool(text))

    def busy(self, is_busy: bool) -> None:  # noqa: FBT001 - the value that it sets
        """Take no decision while one is on its way."""
        self._is_busy = is_busy
        self._halt()

    def await_case(self) -> None:
        """Take no decision until the case that was chosen now is shown: it would be one on the case before."""
        self._is_awaited = True
        self._halt()

    async def confirm(self) -> None:
        """Accept the case."""
        if self._may(CaseAction.CONFIRM):
            await self._decide(CaseAction.CONFIRM, None, self.note)

    async def take_over(self) -> None:
        """Work on a case that another person has."""
        if self._is_held and not self._is_halted:
            await self._take_over()

    async def choose_reason(self) -> None:
        """Ask for the reason of a refusal, or stop asking."""
        if self._may(CaseAction.REJECT):
            self._is_choosing = not self._is_choosing
            self._show_actions()

    async def reject(self, number: int) -> None:
        """Refuse the case for the reason of this number, from 1."""
        if self._is_choosing and 1 <= number <= len(REASONS) and self._may(CaseAction.REJECT):
            await self._decide(CaseAction.REJECT, REASONS[number - 1], self.note)

    def back(self) -> None:
        """Stop asking for a reason."""
        self._is_choosing = False
        self._show_actions()

    def _build_actions(self) -> None:
        say = self._visit.say
        self._why = words("gw-why")
        self._refused = words("gw-refused").props("role=alert")
        self._take = self._button("reject", say("lease.take_over"), TAKE_OVER_KEY, self.take_over)
        self._confirm = self._button("confirm", say("decision.confirm"), CONFIRM_KEY, self.confirm)
        self._reject = self._button("reject", say("decision.reject"), REJECT_KEY, self.choose_reason)
        with block("gw-reasons").props("role=group") as self._reasons:
            words("gw-why", say("decision.choose_reason"))
            for number, reason in enumerate(REASONS, 1):
                word = self._visit.word("reject", reason)
                button = self._button("reason", word, str(number), partial(self.reject, number))
                attribute(button, "data-reason", reason)
        self._note = ui.textarea(placeholder=say("decision.note")).props(
            f'outlined dense rows=2 maxlength={NOTE_LENGTH_MAX} aria-label="{say("decision.note")}"'
        )
        self._note.classes("gw-note")

    def _button(self, kind: str, word: str, key: str, press: Callable[[], Awaitable[None]]) -> Element:
        with block(f"gw-button gw-button--{kind}", "button").props("type=button") as button:
            words("", word)
            words("gw-key", key).props("aria-hidden=true")
        attribute(button, "data-key", key)
        button.on("click", press)
        return button

    @property
    def _is_held(self) -> bool:
        """Whether only another person's lease is in the way."""
        return self._detail is not None and any(
            choice.held_by and not choice.needs_post for choice in self._detail.choices
        )

    @property
    def _is_halted(self) -> bool:
        return self._is_busy or self._is_awaited

    def _halt(self) -> None:
        self.forms.busy(self._is_halted)
        self._show_actions()

    def _may(self, action: CaseAction) -> bool:
        choice = self._detail.choice(action) if self._detail else None
        return choice is not None and choice.allowed and not self._is_halted

    def _show_actions(self) -> None:
        may_reject = self._may(CaseAction.REJECT)
        shown(self._take, self._is_held)
        for button, action in ((self._confirm, CaseAction.CONFIRM), (self._reject, CaseAction.REJECT)):
            shown(button, self._detail is None or self._detail.choice(action) is not None)
        attribute(self._confirm, "disabled", None if self._may(CaseAction.CONFIRM) else "disabled")
        attribute(self._reject, "disabled", None if may_reject else "disabled")
        attribute(self._reject, "aria-expanded", str(self._is_choosing).lower())
        shown(self._reasons, self._is_choosing)
        shown(self._note, may_reject or (self._is_halted and self._detail is not None))
        why = self._why_not()
        self._why.set_text(why)
        shown(self._why, bool(why))

    def _why_not(self) -> str:
        if self._detail is None:
            return self._visit.say("decision.no_case")
        case, role = self._detail.view.case, self._visit.actor.role
        if case.status not in OPEN and not any(choice.allowed for choice in self._detail.choices):
            return self._visit.say("decision.not_open", status=self._visit.word("status", case.status))
        if self._is_held:
            return self._held_words()
        if not any(choice.allowed for choice in self._detail.choices):
            return self._visit.say("decision.viewer", role=self._visit.word("role", role))
        return ""

    def _held_words(self) -> str:
        lease = self._detail.lease if self._detail is not None else None
        if lease is None:
            return self._visit.say("decision.refused_held")
        key = "lease.lost" if lease.taken_from == self._visit.actor.name else "lease.held"
        return self._visit.say(key, person=lease.holder, since=self._visit.short(lease.since))

    def _forget_history(self) -> None:
        self._history.clear()
        self._shown_steps = 0

    def _show_history(self, steps: tuple[CaseStep, ...]) -> None:
        """History only grows: add what is new."""
        with self._history:
            for step in steps[self._shown_steps :]:
                self._step(step)
        self._shown_steps = len(steps)

    def _step(self, step: CaseStep) -> None:
        texts = self._visit.texts
        with block("gw-step"):
            words("gw-step__what", step_words(step, texts))
            words("gw-step__who", joined(texts, self._visit.full(step.at), actor_words(step.actor, texts)))
            if step.note:
                words("gw-step__note", step.note)

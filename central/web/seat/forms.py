"""Right: a form for each action that the case's status knows; what is not allowed says why not."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from functools import partial

from nicegui import ui
from nicegui.events import UploadEventArguments

from central.core.case_machine import CaseAction, Choice, Guard, RejectReason, TransferAnswer, Wish
from central.core.case_machine.guards import CHILDREN_MAX, CHILDREN_MIN
from central.core.exchange import Party
from central.core.exchange.transfers import EXTERNAL_ID_LENGTH_MAX
from central.services.cases.casework import REASON_LENGTH_MAX
from central.services.cases.choice_words import why_not
from central.services.desks.actions import NOTE_LENGTH_MAX
from central.services.desks.reports import PICTURES_MAX
from central.web.seat.desk import Detail
from central.web.seat.pictures import picture_url
from central.web.seat.pieces import attribute, block, shown, words
from central.web.seat.visit import Visit
from protocol.messages import EVIDENCE_BYTES_MAX

Act = Callable[[Wish, tuple[str, ...], str], Awaitable[None]]
"""Takes an action with pictures; the last is the case that survives a merge."""
Keep = Callable[[bytes], Awaitable[str | None]]
"""Stores a photo; its hash, None where it could not be kept and the person has been told."""
Typed = dict[str, object]


@dataclass(frozen=True, slots=True)
class Deeds:
    """What forms do: take an action, store a photo, tell that a person works on the case."""

    act: Act
    keep: Keep
    work: Callable[[], None]


BY_BUTTON = frozenset({CaseAction.CONFIRM, CaseAction.REJECT})
"""They have buttons and keys of their own."""
FIELD_OF: Mapping[Guard, str] = {
    Guard.TYPED_REASON: "typed_reason",
    Guard.REASON: "reason",
    Guard.OVERRIDE: "reason",
    Guard.CONDITION: "condition",
    Guard.UNIT: "unit",
    Guard.WITHIN_A_YEAR: "until",
    Guard.SURVIVOR_OPEN: "into",
    Guard.FINDING: "genuine",
    Guard.SPLIT_SIZE: "children",
    Guard.PICTURE: "pictures",
    Guard.TWO_PICTURES: "pictures",
    Guard.PARTNER: "partner",
    Guard.ANSWER: "answer",
}
END_OF_DAY = time(23, 59)


def wish_of(action: CaseAction, typed: Typed, zone: tzinfo) -> Wish:
    """What a person typed as a wish; a date is the end of that day where they are. `ValueError`: no such date."""
    until = str(typed.get("until") or "")
    genuine, children, answer = typed.get("genuine"), typed.get("children"), typed.get("answer")
    return Wish(
        action,
        reason=str(typed.get("typed_reason") or typed.get("reason") or "").strip()[:REASON_LENGTH_MAX],
        note=str(typed.get("note") or "").strip()[:NOTE_LENGTH_MAX],
        condition=str(typed.get("condition") or "").strip(),
        component_id=str(typed.get("component") or ""),
        unit=str(typed.get("unit") or "").strip(),
        until=datetime.combine(datetime.fromisoformat(until).date(), END_OF_DAY, zone) if until else None,
        genuine=genuine if isinstance(genuine, bool) else None,
        children=int(children) if isinstance(children, int | float) else 0,
        partner=str(typed.get("partner") or ""),
        external_id=str(typed.get("external_id") or "").strip()[:EXTERNAL_ID_LENGTH_MAX],
        answer=TransferAnswer(answer) if isinstance(answer, str) else None,
    )


class ActionForms:
    """All actions of the chosen case but those with buttons of their own; one form is open at a time."""

    def __init__(self, visit: Visit, deeds: Deeds) -> None:
        self._visit = visit
        self._deeds = deeds
        self._drawn: object = None
        self._case = ""
        self._open: CaseAction | None = None
        self._typed: dict[CaseAction, Typed] = {}
        self._detail: Detail | None = None
        self._is_busy = False
        self.element = block("gw-actions")

    def show(self, detail: Detail | None) -> None:
        """Offer the actions of a case; what was typed is kept as long as it is the same case."""
        case = detail.view.case.id if detail is not None else ""
        if case != self._case:
            self._case, self._open, self._typed = case, None, {}
        self._detail = detail
        self._draw()

    def busy(self, is_busy: bool) -> None:  # noqa: FBT001 - the value that it sets
        """Take no action while one is on its way."""
        self._is_busy = is_busy

    def refuse(self, text: str) -> None:
        """Say beside the open form why it was not done."""
        if self._open is not None:
            self._refused.set_text(text)
            shown(self._refused, bool(text))

    def done(self) -> None:
        """Close the open form and forget what was typed."""
        self._typed.pop(self._open, None)  # type: ignore[arg-type]  # no form is open under None
        self._open = None
        self._draw()

    def _draw(self) -> None:
        """Build anew only where something is different: a person may be typing."""
        detail = self._detail
        choices = [one for one in detail.choices if one.action not in BY_BUTTON] if detail is not None else []
        offered = self._offered_pictures()
        key = (self._case, tuple(choices), self._open, offered if self._open else ())
        if key == self._drawn:
            return
        self._drawn = key
        self.element.clear()
        with self.element:
            if choices:
                words("gw-actions__title", self._visit.say("form.title"))
            for choice in sorted(choices, key=lambda one: not one.allowed):
                self._row(choice)

    def _row(self, choice: Choice) -> None:
        is_open = choice.action is self._open and choice.allowed
        with block("gw-action" + (" gw-action--open" if is_open else "")):
            with block("gw-action__button", "button").props("type=button") as button:
                words("gw-action__word", self._visit.word("action", choice.action))
                if not choice.allowed:
                    words("gw-action__why", why_not(choice, self._visit.texts))
            attribute(button, "data-action", choice.action)
            attribute(button, "disabled", None if choice.allowed else "disabled")
            attribute(button, "aria-expanded", str(is_open).lower())
            button.on("click", partial(self._toggle, choice.action))
            if is_open:
                self._form(choice)

    def _toggle(self, action: CaseAction) -> None:
        self._open = None if self._open is action else action
        self._deeds.work()
        self._draw()

    def _form(self, choice: Choice) -> None:
        typed = self._typed.setdefault(choice.action, {})
        fields = dict.fromkeys(FIELD_OF[guard] for guard in choice.asks if guard in FIELD_OF)
        with block("gw-form").props(f"data-form={choice.action}"):
            for name in fields:
                getattr(self, f"_ask_{name}")(typed, choice)
            if choice.action is CaseAction.REGISTER:
                self._ask_component(typed)
            self._text("note", typed, needed=Guard.NOTE in choice.asks, long=True)
            self._refused = words("gw-refused gw-hidden").props("role=alert")
            with block("gw-button gw-button--confirm gw-form__send", "button").props("type=button") as send:
                words("", self._visit.word("action", choice.action))
            send.on("click", partial(self._send, choice.action))

    async def _send(self, action: CaseAction) -> None:
        if self._is_busy:
            return
        typed = self._typed.get(action, {})
        try:
            wish = wish_of(action, typed, self._visit.zone)
        except ValueError:
            self.refuse(self._visit.say("form.bad_date"))
            return
        pictures = typed.get("pictures")
        chosen = tuple(pictures) if isinstance(pictures, list) else ()
        await self._deeds.act(wish, chosen, str(typed.get("into") or "").strip())

    def _text(self, name: str, typed: Typed, *, needed: bool, long: bool = False, most: int = NOTE_LENGTH_MAX) -> None:
        word = self._visit.say(f"form.{name}")
        label = word if needed else self._visit.say("form.optional", word=word)
        field = ui.textarea(label) if long else ui.input(label)
        field.props(f"outlined dense {'autogrow' if long else ''} maxlength={most}").classes("gw-field")
        field.set_value(str(typed.get(name) or ""))
        field.on_value_change(lambda event: typed.update({name: event.value}))

    def _select(self, name: str, typed: Typed, options: Mapping[str, str]) -> None:
        """Choose one of `options`; what was chosen before and is not among them any more is forgotten."""
        only = next(iter(options)) if len(options) == 1 else None
        if typed.get(name) not in options:
            typed[name] = only
        field = ui.select(
            dict(options),
            label=self._visit.say(f"form.{name}"),
            value=typed[name],
            on_change=lambda event: typed.update({name: event.value}),
        )
        field.props("outlined dense options-dense").classes("gw-field")

    def _ask_reason(self, typed: Typed, _choice: Choice) -> None:
        self._text("reason", typed, needed=True, most=REASON_LENGTH_MAX)

    def _ask_typed_reason(self, typed: Typed, _choice: Choice) -> None:
        self._select("typed_reason", typed, {str(one): self._visit.word("reject", one) for one in RejectReason})

    def _ask_condition(self, typed: Typed, choice: Choice) -> None:
        detail = self._detail
        standard = detail.view.case.state.standard if detail is not None else None
        if choice.action is CaseAction.REGISTER and detail is not None and detail.conditions:
            say = self._visit.say
            rows = {
                row.id: say("form.condition_of", name=row.name, condition=row.condition) for row in detail.conditions
            }
            self._select("condition", typed, rows)
        elif choice.action is CaseAction.CLOSE and standard is not None:
            self._select("condition", typed, {standard.id: standard.closing})
        else:
            self._text("condition", typed, needed=True, most=REASON_LENGTH_MAX)

    def _ask_component(self, typed: Typed) -> None:
        """Offer what stands near by; a case need not be about any of it."""
        say = self._visit.say
        near = self._detail.components if self._detail is not None else ()
        if near:
            rows = {
                one.id: say("form.component_of", name=one.name, metres=round(metres), unit=one.unit, id=one.id)
                for metres, one in near
            }
            typed.setdefault("component", "")
            none = {"": say("fact.missing")}
            self._select("component", typed, none | rows)

    def _ask_unit(self, typed: Typed, _choice: Choice) -> None:
        state = self._detail.view.case.state if self._detail is not None else None
        likely = (
            []
            if state is None
            else [
                state.failed_at,
                *([state.component.unit] if state.component else ()),
                *(state.standard.units if state.standard else ()),
                *state.units,
            ]
        )
        known = list(dict.fromkeys(one for one in likely if one))
        if known:
            typed.setdefault("unit", known[0])
        self._text("unit", typed, needed=True, most=REASON_LENGTH_MAX)
        if len(known) > 1:
            words("gw-small gw-muted", self._visit.say("form.units", units=self._visit.say("actions.and").join(known)))

    def _ask_until(self, typed: Typed, _choice: Choice) -> None:
        field = ui.input(self._visit.say("form.until"), value=str(typed.get("until", "")))
        field.props("outlined dense type=date stack-label").classes("gw-field")
        field.on_value_change(lambda event: typed.update({"until": event.value}))

    def _ask_into(self, typed: Typed, _choice: Choice) -> None:
        self._text("into", typed, needed=True, most=64)

    def _ask_partner(self, typed: Typed, _choice: Choice) -> None:
        named = self._detail.partners if self._detail is not None else ()
        parties = {str(one): self._visit.word("party", one) for one in Party}
        self._select("partner", typed, {one: one for one in named} | parties)

    def _ask_answer(self, typed: Typed, _choice: Choice) -> None:
        self._select("answer", typed, {str(one): self._visit.word("transfer_answer", one) for one in TransferAnswer})
        self._text("external_id", typed, needed=False, most=EXTERNAL_ID_LENGTH_MAX)

    def _ask_genuine(self, typed: Typed, _choice: Choice) -> None:
        options = {True: self._visit.say("form.genuine_yes"), False: self._visit.say("form.genuine_no")}
        words("gw-small", self._visit.say("form.genuine"))
        field = ui.radio(
            options, value=typed.get("genuine"), on_change=lambda one: typed.update({"genuine": one.value})
        )
        field.props("inline dense").classes("gw-field")

    def _ask_children(self, typed: Typed, _choice: Choice) -> None:
        typed.setdefault("children", CHILDREN_MIN)
        ui.number(
            self._visit.say("form.children"),
            value=typed["children"],  # type: ignore[arg-type]  # what this field has set
            min=CHILDREN_MIN,
            max=CHILDREN_MAX,
            precision=0,
            on_change=lambda event: typed.update({"children": event.value}),
        ).props("outlined dense").classes("gw-field")

    def _ask_pictures(self, typed: Typed, choice: Choice) -> None:
        chosen = typed.setdefault("pictures", [])
        assert isinstance(chosen, list)  # noqa: S101 - this field has set it
        least = 2 if Guard.TWO_PICTURES in choice.asks else 1
        words("gw-small", self._visit.say("form.pictures", count=least))
        strip = block("gw-form__pictures")

        def draw() -> None:
            strip.clear()
            with strip:
                for sha256 in dict.fromkeys((*chosen, *self._offered_pictures())):
                    self._offer_picture(sha256, chosen, draw)

        async def take(event: UploadEventArguments) -> None:
            sha256 = await self._deeds.keep(await event.file.read())
            if sha256 is not None and sha256 not in chosen:
                chosen.append(sha256)
                draw()

        draw()
        upload = ui.upload(
            label=self._visit.say("form.upload"),
            on_upload=take,
            on_rejected=lambda: self.refuse(self._visit.say("decision.refused_upload")),
            auto_upload=True,
            max_file_size=EVIDENCE_BYTES_MAX,
            max_files=PICTURES_MAX,
        )
        upload.props("accept=image/jpeg flat dense hide-upload-btn").classes("gw-field gw-upload")

    def _offer_picture(self, sha256: str, chosen: list[str], draw: Callable[[], None]) -> None:
        def switch() -> None:
            chosen.remove(sha256) if sha256 in chosen else chosen.append(sha256)
            draw()

        is_chosen = sha256 in chosen
        with block("gw-offer" + (" gw-offer--chosen" if is_chosen else ""), "button").props("type=button") as button:
            image = block("gw-offer__image", "img")
        attribute(image, "src", picture_url(sha256))
        attribute(image, "alt", self._visit.say("form.picture"))
        attribute(button, "aria-pressed", str(is_chosen).lower())
        button.on("click", switch)

    def _offered_pictures(self) -> tuple[str, ...]:
        """What the camera saw last: it may be named instead of a photo."""
        check = self._detail.check if self._detail is not None else None
        newest = [picture.sha256 for look in check.looks for picture in look.pictures] if check is not None else []
        return tuple(newest[-1:])

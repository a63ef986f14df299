"""Centre: what the camera says to "done": before and after side by side, its word, and everything that it rests on."""

from dataclasses import dataclass

from central.core.camera_check import CameraCheck, Point
from central.core.case_machine import CameraWord, CaseAction
from central.core.values import EvidenceItem, EvidenceState
from central.services.cases.check_words import point_words
from central.web.seat.desk import Detail, step_pictures
from central.web.seat.pictures import Enlarge, no_picture, picture_button, thumbnail
from central.web.seat.pieces import attribute, block, heading, only_class, shown, words
from central.web.seat.visit import Visit


@dataclass(frozen=True, slots=True)
class Compared:
    """A picture to compare: the key of its words, and the picture if there is one."""

    words: str
    item: EvidenceItem | None


def compared(detail: Detail) -> tuple[Compared, ...]:
    """Before, after as the camera sees it, and what the handler brought."""
    by_hash = {item.sha256: item for item in detail.view.evidence}
    looks = detail.check.looks if detail.check is not None else ()
    newest = [picture.sha256 for look in looks for picture in look.pictures]
    after = by_hash.get(newest[-1]) if newest else None
    submits = [step for step in detail.history if step.kind is CaseAction.SUBMIT]
    brought = [by_hash[one] for one in step_pictures(submits[-1]) if one in by_hash] if submits else []
    pictures = [Compared("check.before", _before(detail)), Compared("check.after", after)]
    return (*pictures, Compared("check.handler", brought[-1])) if brought else tuple(pictures)


def _before(detail: Detail) -> EvidenceItem | None:
    """What the box showed before somebody said "done"; a later sighting of the case is no before."""
    known = {item.sha256 for stay in detail.stays for item in stay.pictures}
    done_at = detail.check.handled_at if detail.check is not None else None
    shown_by_box = (one for one in detail.view.evidence if one.sha256 in known)
    return thumbnail(one for one in shown_by_box if done_at is None or one.at <= done_at)


def word_of(check: CameraCheck) -> CameraWord | None:
    """The camera's word; None where a person was first."""
    if check.verdict is not None:
        return check.verdict.word
    return CameraWord.LOOKING if check.next_at is not None else None


class CheckBlock:
    """The newest check of the chosen case."""

    def __init__(self, visit: Visit, enlarge: Enlarge) -> None:
        self._visit = visit
        self._enlarge = enlarge
        self._drawn: object = None
        with block("gw-check", "section") as self.element:
            self._pictures = block("gw-check__pictures")
            with block("gw-check__verdict"):
                self._word = heading("gw-check__word", level=3)
                self._share = words("gw-check__share")
                with block("gw-check__bar").props("aria-hidden=true") as self._bar:
                    self._filled = block("gw-check__filled")
                self._points = block("gw-check__points", "ul")

    def show(self, detail: Detail) -> None:
        """Show the check of a case; what has not changed stays as it is."""
        check = detail.check
        shown(self.element, check is not None)
        pictures = compared(detail) if check is not None else ()
        if check is None or (check, pictures) == self._drawn:
            return
        self._drawn = (check, pictures)
        word = word_of(check)
        self._word.set_text(self._visit.word("camera", word) if word else self._visit.say("check.superseded"))
        only_class(self.element, "gw-check--", f"gw-check--{word or 'superseded'}")
        self._show_share(check)
        self._pictures.clear()
        with self._pictures:
            for one in pictures:
                self._picture(one)
        self._points.clear()
        with self._points:
            for point in check.verdict.points if check.verdict is not None else ():
                self._point(point)

    def _show_share(self, check: CameraCheck) -> None:
        verdict = check.verdict
        answered = [look for look in check.looks if look.finding is not None]
        if verdict is not None and verdict.frames:
            text = self._visit.say(
                "check.observed", length_s=verdict.looked_s, share=verdict.observed_share, frames=verdict.frames
            )
        else:
            text = self._visit.say("check.looks", count=len(answered)) if check.looks else ""
        self._share.set_text(text)
        shown(self._share, bool(text))
        shown(self._bar, verdict is not None and bool(verdict.frames))
        share = verdict.observed_share if verdict is not None else 0.0
        self._filled.style(f"width: {share:.0%}")

    def _picture(self, one: Compared) -> None:
        kind = self._visit.say(one.words)
        if one.item is None or one.item.state is EvidenceState.PENDING:
            no_picture(f"{kind} – {self._visit.say('check.no_picture')}")
        else:
            picture_button(self._visit, one.item, kind, self._enlarge)

    def _point(self, point: Point) -> None:
        state = "met" if point.holds else "unmet"
        with block(f"gw-point gw-point--{state}", "li") as row:
            words("gw-point__mark", "✓" if point.holds else "✕").props("aria-hidden=true")
            words("gw-point__text", point_words(point, self._visit.texts))
        attribute(row, "data-condition", point.condition)

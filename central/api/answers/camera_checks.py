"""A check by camera as clients read it: the camera's word, what it rests on, and every look."""

from pydantic import AwareDatetime, Field

from central.api.answers.answer import Answer
from central.core.camera_check import CameraCheck, Condition, Point
from central.core.case_machine import CameraWord
from central.services.cases.check_words import point_words
from central.settings.texts import Texts
from protocol.messages import Presence


class PointAnswer(Answer):
    """A condition of a camera's pass."""

    condition: Condition
    holds: bool
    text: str = Field(description="With what was seen and what it was held against, in the language asked for")
    seen: float | None
    limit: float | None
    word: str


class LookAnswer(Answer):
    """One look of the camera."""

    asked_at: AwareDatetime
    began_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    presence: Presence | None = Field(description="None while the box is at it, or where it did not answer")
    observed_share: float | None = Field(description="Share of the time for which the place could be seen")
    frames: int | None
    light: float | None = Field(description="Lowest mean brightness of the picture, of 255")
    pictures: list[str] = Field(description="By sha256; they are evidence of the case too")
    failure: str


class CameraCheckAnswer(Answer):
    """What the camera says to a handler's "done"."""

    handled_at: AwareDatetime
    word: CameraWord | None = Field(description="None where a person was first")
    text: str
    proven: bool = Field(description="Acted on; else a person checks")
    decided_at: AwareDatetime | None
    points: list[PointAnswer] = Field(description="Everything that a pass rests on, met or not")
    clear_s: float
    frames: int
    observed_share: float = Field(description="Of the time of the looks that count")
    pictures: list[str] = Field(description="Of the looks that count")
    looks: list[LookAnswer]


def show_check(check: CameraCheck, texts: Texts) -> CameraCheckAnswer:
    """A check with its looks, in words of a language."""
    verdict = check.verdict
    word = verdict.word if verdict is not None else CameraWord.LOOKING if check.next_at is not None else None
    return CameraCheckAnswer(
        handled_at=check.handled_at,
        word=word,
        text=texts.word("camera", word) if word is not None else texts.say("check.superseded"),
        proven=verdict is not None and verdict.is_proven,
        decided_at=verdict.at if verdict is not None else None,
        points=[_show_point(point, texts) for point in verdict.points] if verdict is not None else [],
        clear_s=verdict.clear_s if verdict is not None else 0.0,
        frames=verdict.frames if verdict is not None else 0,
        observed_share=verdict.observed_share if verdict is not None else 0.0,
        pictures=list(verdict.pictures) if verdict is not None else [],
        looks=[
            LookAnswer(
                asked_at=look.asked_at,
                began_at=look.began_at,
                ended_at=look.ended_at,
                presence=look.presence,
                observed_share=look.finding.observed_share if look.finding is not None else None,
                frames=look.finding.looks if look.finding is not None else None,
                light=look.finding.light if look.finding is not None else None,
                pictures=[picture.sha256 for picture in look.pictures],
                failure=look.failure,
            )
            for look in check.looks
        ],
    )


def _show_point(point: Point, texts: Texts) -> PointAnswer:
    return PointAnswer(
        condition=point.condition,
        holds=point.holds,
        text=point_words(point, texts),
        seen=point.seen,
        limit=point.limit,
        word=point.word,
    )

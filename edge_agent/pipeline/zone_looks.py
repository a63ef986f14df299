"""Looks at zones on demand: from the command to the finding with its pictures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from edge_agent.core.looking import SECONDS_DEFAULT, Looking, Picture, Question, begin, blind, finding, observe
from edge_agent.core.rules import Look, Setting
from edge_agent.pipeline.evidence_pictures import EvidencePictures
from edge_agent.video.frame import Frame
from edge_agent.video.snapshot import EvidenceKeeper
from protocol.configuration import CameraConfig
from protocol.geometry import Polygon
from protocol.messages import Command, EvidenceKind, EvidenceRef, LookFinding
from protocol.scene_rules import StayRule

LOOKS_MAX = 8
"""Looks of one camera at the same time; the oldest gives way, with what it has seen."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A finished look; `pictures` are the first and the last sight of it."""

    command: str
    finding: LookFinding
    pictures: tuple[EvidenceRef, ...]


@dataclass(frozen=True, slots=True)
class _Work:
    looking: Looking
    first: tuple[EvidenceRef, ...]


class ZoneLooks:
    """The looks of one camera that are in work."""

    def __init__(self, camera: CameraConfig, evidence: EvidenceKeeper, pictures: EvidencePictures) -> None:
        self._camera, self._evidence, self._drawn = camera, evidence, pictures
        self._works: dict[str, _Work] = {}
        self._gave_way: list[Answered] = []
        self.evidence_failures = 0

    def __bool__(self) -> bool:
        """Whether any is in work."""
        return bool(self._works)

    def begin(self, command: Command, settings: Iterable[Setting], frame: Frame) -> bool:
        """Start a look from this frame on; False when the camera has no such zone."""
        zone = next((one for one in self._camera.zones if one.id == command.zone), None)
        if zone is None:
            return False
        concerned = [one for one in settings if one.zone.id == zone.id and command.scene in {None, one.rule.scene}]
        question = question_of(command, zone.polygon, concerned)
        while len(self._works) >= LOOKS_MAX:
            self._gave_way.append(self._answer(next(iter(self._works)), frame))
        self._works[command.command] = _Work(begin(question, frame.captured_at), self._picture(question, frame))
        return True

    def observe(self, look: Look, picture: Picture, watching_since: datetime | None) -> None:
        """Let every look in work see this."""
        for command, work in self._works.items():
            self._works[command] = _Work(observe(work.looking, look, picture, watching_since), work.first)

    def pass_over(self, picture: Picture) -> None:
        """Let every look in work know of a picture that nobody looks at."""
        for command, work in self._works.items():
            self._works[command] = _Work(blind(work.looking, picture), work.first)

    def finished(self, frame: Frame) -> tuple[Answered, ...]:
        """Those whose time is over at this frame, or that gave way; where the clock was set back, it is over too."""
        now = frame.captured_at
        over = [name for name, one in self._works.items() if not one.looking.since <= now < one.looking.until]
        answers = (*self._gave_way, *(self._answer(command, frame) for command in over))
        self._gave_way.clear()
        return answers

    def _answer(self, command: str, frame: Frame) -> Answered:
        work = self._works.pop(command)
        pictures = (*work.first, *self._picture(work.looking.question, frame))
        now = max(frame.captured_at, work.looking.since)
        return Answered(command, finding(work.looking, now), pictures)

    def _picture(self, question: Question, frame: Frame) -> tuple[EvidenceRef, ...]:
        """A full disk costs the picture, never the answer."""
        jpeg = self._drawn.jpeg(frame, question.polygon, question.box)
        try:
            return (self._evidence.keep(jpeg, frame.captured_at, EvidenceKind.SNAPSHOT),)
        except OSError:
            self.evidence_failures += 1
            return ()


def question_of(command: Command, polygon: Polygon, settings: Sequence[Setting]) -> Question:
    """What a command asks, from the rules that watch the zone for it."""
    stays = (label for one in settings if isinstance(one.rule, StayRule) for label in one.rule.labels)
    named = (label for one in settings for known in one.sought for label in one.labels.get(known, ()))
    return Question(
        polygon=polygon,
        labels=frozenset((*stays, *named)),
        streams=frozenset(one.stream for one in settings),
        seconds=command.seconds or SECONDS_DEFAULT,
        box=command.box,
        stood_at=command.stood_at,
    )

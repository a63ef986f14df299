"""Times, lengths and codes in a person's words and zone. Pure."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from central.core.case_machine import CaseAction
from central.core.cases.casefile import CaseStep, CaseView, Occurrence, StepKind
from central.core.fleet.devices import Camera
from central.core.values import Actor, ActorKind, EvidenceItem
from central.settings.texts import Texts
from protocol.messages import EndReason, EvidenceKind

REASON_GROUPS: Mapping[StepKind, str] = {
    CaseAction.REJECT: "reject",
    CaseAction.VOID: "reject",
    CaseAction.REOPEN: "reopen",
    Occurrence.EPISODE_ENDED: "end",
}
"""Where the words of a step's reason stand; any other reason is in a person's own words."""


def joined(texts: Texts, *parts: str) -> str:
    """Parts of one line; empty ones are left out."""
    return texts.say("page.separator").join(part for part in parts if part)


def clock_time(at: datetime, zone: tzinfo) -> str:
    """Local time of day, `14:03:09`."""
    return at.astimezone(zone).strftime("%H:%M:%S")


def short_time(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Local time, as short as `now` allows: `14:03:09` today, `03-01 14:03` this year, else the whole date."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return local.strftime("%H:%M:%S")
    return local.strftime("%m-%d %H:%M" if local.year == today.year else "%Y-%m-%d %H:%M")


def full_time(at: datetime, zone: tzinfo) -> str:
    """Local date and time to the second."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def state_words(state: str, reason: str | None, texts: Texts) -> str:
    """A camera's or box's state with its reason: `离线·拒绝连接`."""
    return joined(texts, texts.word("state", state), texts.word("reason", reason))


def measure_words(camera: Camera, texts: Texts) -> str:
    """What was measured of the picture and what it was held against; empty where the reason is none of the picture."""
    if camera.value is None or camera.threshold is None:
        return ""
    key = f"measure.{camera.reason}"
    return texts.say(key if key in texts.entries else "measure.any", value=camera.value, threshold=camera.threshold)


def what_words(scene: str | None, label: str, texts: Texts) -> str:
    """What was seen: scene and object, either may be missing."""
    return joined(texts, texts.word("scene", scene), texts.word("label", label))


def ended_words(view: CaseView, texts: Texts) -> str:
    """What became of the cause, once all episodes have ended: it left, or nobody looked any more; else nothing."""
    if not view.ended:
        return ""
    has_left = all(episode.end_reason is EndReason.LEFT for episode in view.episodes)
    return texts.say("queue.left" if has_left else "queue.interrupted")


def picture_words(item: EvidenceItem, view: CaseView, texts: Texts) -> str:
    """Which moment a picture shows; the last of an episode that did not end by leaving shows nobody's leaving."""
    reasons = [episode.end_reason for episode in view.episodes if episode.id == item.episode]
    was_lost = item.kind is EvidenceKind.ENDED and reasons == [EndReason.INTERRUPTED]
    return texts.word("evidence", "last_seen" if was_lost else item.kind)


def actor_words(actor: Actor, texts: Texts) -> str:
    """Who did it."""
    return texts.say(f"actor.{actor.kind}", name=actor.name)


OF_CAMERA: frozenset[StepKind] = frozenset({CaseAction.PASS, CaseAction.FAIL, CaseAction.GONE})
"""Whose reason is the camera's word, where a box acts."""


def step_words(step: CaseStep, texts: Texts) -> str:
    """What a line of the history tells, with its reason."""
    what = texts.word("step", step.kind)
    is_cameras = step.actor.kind is ActorKind.BOX and step.kind in OF_CAMERA
    group = "camera" if is_cameras else REASON_GROUPS.get(step.kind, "")
    reason = texts.word(group, step.reason) if step.reason else ""
    return joined(texts, what, reason)

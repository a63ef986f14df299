"""Times, lengths and codes in words."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from central.core.case_machine import CaseAction, CaseStatus
from central.core.cases.casefile import CaseStep, Occurrence, StepKind
from central.core.fleet.devices import Camera
from central.core.lengths import length_words
from central.core.values import Actor, ActorKind
from central.settings.texts import load_texts
from central.web.wording import (
    actor_words,
    full_time,
    measure_words,
    short_time,
    state_words,
    step_words,
    what_words,
)
from protocol.messages import CameraReason, CameraState
from protocol.texts import Language

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
CHINESE, ENGLISH = load_texts(Language.CHINESE), load_texts(Language.ENGLISH)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 3, 1, 1, 2, 3, tzinfo=UTC), "09:02:03"),
        (datetime(2026, 2, 28, 16, 0, tzinfo=UTC), "00:00:00"),
        (datetime(2026, 2, 28, 15, 59, tzinfo=UTC), "02-28 23:59"),
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "2025-12-31 23:59"),
    ],
)
def test_a_time_is_local_and_as_short_as_today_allows(at: datetime, words: str) -> None:
    assert short_time(at, NOW, ZONE) == words


SOME_CAMERA = Camera("b.c", "b", "c", "s", CameraState.DEGRADED, NOW, CameraReason.COVERED, 0.9, 0.75)


@pytest.mark.parametrize(
    ("reason", "value", "threshold", "chinese", "english"),
    [
        (CameraReason.COVERED, 0.9, 0.75, "看不到原画面的 90%，阈值 75%", "90% of the view lost, limit 75%"),
        (CameraReason.FROZEN, 61.4, 60.0, "61 秒无变化，阈值 60 秒", "unchanged for 61 s, limit 60 s"),
        (CameraReason.LOW_FPS, 1.234, 5.0, "每秒 1.23 帧，阈值 5", "1.23 frames a second, limit 5"),
        (CameraReason.STALLED, 1.0, 2.0, "实测 1，阈值 2", "measured 1, limit 2"),
        (CameraReason.COVERED, None, None, "", ""),
    ],
)
def test_what_was_measured_stands_in_words(
    reason: CameraReason, value: float | None, threshold: float | None, chinese: str, english: str
) -> None:
    camera = replace(SOME_CAMERA, reason=reason, value=value, threshold=threshold)
    assert (measure_words(camera, CHINESE), measure_words(camera, ENGLISH)) == (chinese, english)


def test_every_fault_of_a_picture_has_words_for_its_measure() -> None:
    names = ["frozen", "dark", "overexposed", "covered", "blurred", "moved", "off_preset", "colour_cast", "low_fps"]
    assert [str(reason) for reason in CameraReason if f"measure.{reason}" in CHINESE.entries] == names


def test_a_full_time_is_local() -> None:
    assert full_time(NOW, ZONE) == "2026-03-01 10:00:00"


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (0.4, "0 秒", "0 s"),
        (59.9, "59 秒", "59 s"),
        (60, "1 分 0 秒", "1 min 0 s"),
        (3725, "1 小时 2 分", "1 h 2 min"),
    ],
)
def test_lengths(seconds: float, chinese: str, english: str) -> None:
    assert length_words(seconds, CHINESE.entries) == chinese
    assert length_words(seconds, ENGLISH.entries) == english


def test_states_and_scenes_join_their_parts_and_keep_unknown_codes() -> None:
    assert state_words("offline", "refused", CHINESE) == "离线·拒绝连接"
    assert state_words("online", None, CHINESE) == "在线"
    assert what_words("stay", "stall", ENGLISH) == "Stay · stall"
    assert what_words("snow_on_road", "", CHINESE) == "snow_on_road"


@pytest.mark.parametrize(
    ("kind", "reason", "words"),
    [
        (CaseAction.REJECT, "false_alarm", "不予受理·误报"),
        (Occurrence.EPISODE_ENDED, "left", "目标不再可见·已离开"),
        (CaseAction.CONFIRM, "", "受理"),
    ],
)
def test_steps(kind: StepKind, reason: str, words: str) -> None:
    actor = Actor(ActorKind.BOX, "box-01")
    step = CaseStep("c", NOW, kind, actor, None, CaseStatus.CANDIDATE, reason=reason)
    assert step_words(step, CHINESE) == words
    assert actor_words(actor, CHINESE) == "边缘盒 box-01"

"""One camera's pipeline fed with frames and detections by hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from edge_agent.core.looking import Picture
from edge_agent.core.values import Detection, ModelIdentity
from edge_agent.pipeline import BoxPlace, CameraPipeline, CropPlan
from edge_agent.pipeline.episodes import HELD_EPISODES_MAX
from edge_agent.pipeline.zone_looks import LOOKS_MAX
from edge_agent.video.clip import ClipNotCut
from edge_agent.video.evidence_folder import EvidenceFolder
from edge_agent.video.frame import Frame
from edge_agent.video.snapshot import picture_of
from protocol.configuration import CameraConfig
from protocol.identifiers import episode_id
from protocol.messages import (
    CameraReason,
    Command,
    CommandName,
    EndReason,
    EvidenceKind,
    Presence,
    SceneEvent,
    ScenePhase,
)
from tests.support.clips import Street

START = datetime(2026, 1, 1, tzinfo=UTC)
MODEL = ModelIdentity("m", "0" * 64, ("person", "car"))
WHOLE = [[0, 0], [1, 0], [1, 1], [0, 1]]
STANDING = Detection("person", 0.8, (0.4, 0.3, 0.5, 0.7))


def camera(*labels: str, dwell_s: float = 5.0, silence_s: float = 0.0, **more: object) -> CameraConfig:
    rules = [{"scene": "stay", "labels": list(labels), "dwell_s": dwell_s, "silence_s": silence_s}]
    zones = [{"id": "z", "polygon": WHOLE, "rules": rules}]
    return CameraConfig.model_validate({"id": "cam", "url": "rtsp://h/x", "zones": zones, **more})


def frame(at_s: float, level: int = 120) -> Frame:
    return Frame(round(at_s * 10), START + timedelta(seconds=at_s), np.full((90, 160, 3), level, np.uint8))


def pipeline(folder: Path, config: CameraConfig, model: ModelIdentity | None = MODEL) -> CameraPipeline:
    return CameraPipeline(BoxPlace("b", UTC), config, model, EvidenceFolder(folder))


def run(line: CameraPipeline, seen: dict[float, tuple[Detection, ...] | None]) -> list[SceneEvent]:
    events: list[SceneEvent] = []
    for at_s, detections in seen.items():
        now = frame(at_s)
        line.wants(now)
        events += line.step(now, detections)
    return events


def test_a_stay_is_raised_with_two_pictures_and_ended_with_one(tmp_path: Path) -> None:
    line = pipeline(tmp_path, camera("person"))
    events = run(line, {n / 2: (STANDING,) if n < 20 else () for n in range(30)})
    raised, ended = events
    assert (raised.phase, raised.update) == (ScenePhase.RAISED, 0)
    assert (ended.phase, ended.update, ended.end_reason) == (ScenePhase.ENDED, 1, EndReason.LEFT)
    assert raised.episode == ended.episode == episode_id("b", "cam", "z", "stay", START)
    assert raised.raised_at == START + timedelta(seconds=5)
    assert ended.ended_at == ended.last_seen_at == START + timedelta(seconds=9.5)
    assert ended.dwell_s == 9.5
    assert raised.model == "m@000000000000"
    assert [one.kind for one in raised.evidence] == [EvidenceKind.STARTED, EvidenceKind.RAISED]
    assert [one.kind for one in ended.evidence] == [EvidenceKind.ENDED]
    assert raised.evidence[0].at == START
    for kept in raised.evidence + ended.evidence:
        assert picture_of((tmp_path / f"{kept.sha256}.jpg").read_bytes()).shape == (90, 160, 3)
    assert line.open_episodes == ()


def test_a_frame_without_detector_says_nothing_about_absence(tmp_path: Path) -> None:
    line = pipeline(tmp_path, camera("person"))
    events = run(line, {n / 2: (STANDING,) if n % 2 == 0 else None for n in range(30)})
    assert [one.phase for one in events] == [ScenePhase.RAISED]
    assert len(line.open_episodes) == 1


def test_two_who_come_in_the_same_picture_are_two_episodes(tmp_path: Path) -> None:
    other = Detection("person", 0.7, (0.7, 0.3, 0.8, 0.7))
    line = pipeline(tmp_path, camera("person"))
    events = run(line, {n / 2: (STANDING, other) for n in range(12)})
    assert len({one.episode for one in events}) == 2
    assert max(abs((one.started_at - START).total_seconds()) for one in events) <= 0.001


def test_the_camera_stops_and_every_open_episode_ends(tmp_path: Path) -> None:
    line = pipeline(tmp_path, camera("person"))
    run(line, {n / 2: (STANDING,) for n in range(12)})
    (ended,) = line.finish(EndReason.INTERRUPTED)
    assert ended.end_reason is EndReason.INTERRUPTED
    assert line.finish(EndReason.INTERRUPTED) == ()
    events = run(line, {100 + n / 2: (STANDING,) for n in range(12)})
    assert [one.phase for one in events] == [ScenePhase.RAISED]
    assert events[0].episode != ended.episode


def test_a_clock_set_back_interrupts_and_begins_anew(tmp_path: Path) -> None:
    line = pipeline(tmp_path, camera("person"))
    run(line, {100 + n / 2: (STANDING,) for n in range(12)})
    events = run(line, {n / 2: (STANDING,) for n in range(12)})
    assert [(one.phase, one.end_reason) for one in events] == [
        (ScenePhase.ENDED, EndReason.INTERRUPTED),
        (ScenePhase.RAISED, None),
    ]


def test_who_looks_again_after_an_interruption_does_not_tell_the_same_again(tmp_path: Path) -> None:
    line = pipeline(tmp_path, camera("person", silence_s=60))
    run(line, {n / 2: (STANDING,) for n in range(12)})
    line.finish(EndReason.INTERRUPTED)
    (raised,) = run(line, {20 + n / 2: (STANDING,) for n in range(100)})
    assert raised.raised_at == START + timedelta(seconds=65)


def test_late_detections_on_an_old_frame_are_passed_over(tmp_path: Path) -> None:
    line = pipeline(tmp_path, camera("person"))
    run(line, {n / 2: (STANDING,) for n in range(12)})
    assert line.step(frame(2.0), ()) == ()
    assert len(line.open_episodes) == 1


def test_masks_are_burnt_into_every_picture(tmp_path: Path) -> None:
    mask = [[0.0, 0.0], [0.5, 0.0], [0.5, 0.2], [0.0, 0.2]]
    line = pipeline(tmp_path, camera("person", privacy_masks=[mask]))
    events = run(line, {n / 2: (STANDING,) for n in range(12)}) + list(line.finish(EndReason.LEFT))
    kept = [one for event in events for one in event.evidence]
    assert len(kept) == 3
    for one in kept:
        picture = picture_of((tmp_path / f"{one.sha256}.jpg").read_bytes())
        assert picture[6:14, 8:72].max() < 24


def test_masks_are_burnt_into_start_peak_and_end_alike(tmp_path: Path) -> None:
    mask = [[0.2, 0.5], [0.8, 0.5], [0.8, 0.65], [0.2, 0.65]]
    rule = {"scene": "bike_pileup", "count": 2, "dwell_s": 5}
    zones = [{"id": "z", "polygon": WHOLE, "rules": [rule]}]
    config = camera(zones=zones, privacy_masks=[mask])
    line = pipeline(tmp_path, config, ModelIdentity("m", "0" * 64, ("bike",)))
    bikes = tuple(Detection("bike", 0.8, (x / 10, 0.7, x / 10 + 0.08, 0.9)) for x in range(8))
    events = run(line, {n / 2: bikes[: 3 if n < 24 else 8] if n < 60 else () for n in range(120)})
    kept = {one.kind: one for event in events for one in event.evidence}
    assert set(kept) == {EvidenceKind.STARTED, EvidenceKind.RAISED, EvidenceKind.PEAK, EvidenceKind.ENDED}
    for one in kept.values():
        picture = picture_of((tmp_path / f"{one.sha256}.jpg").read_bytes())
        assert picture[48:55, 40:120].max() < 24
        assert picture[48:55, 4:24].min() > 60


def test_a_full_disk_costs_the_picture_not_the_report(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    line = pipeline(tmp_path / "file" / "evidence", camera("person"))
    (raised,) = run(line, {n / 2: (STANDING,) for n in range(12)})
    assert raised.evidence == ()
    assert line.evidence_failures == 2


def test_a_full_disk_costs_cut_outs_and_pictures_of_looks_and_all_are_counted(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    crops = CropPlan(tmp_path / "file" / "crops", blur=False)
    line = CameraPipeline(BoxPlace("b", UTC), camera("person"), MODEL, EvidenceFolder(tmp_path / "evidence"), crops)
    (raised,) = run(line, {n / 2: (STANDING,) for n in range(12)})
    assert raised.evidence
    assert line.evidence_failures == 1

    full = pipeline(tmp_path / "file" / "evidence", camera("person"))
    run(full, {0.0: None})
    assert full.look_at(LOOK)
    run(full, {n / 2: () for n in range(1, 12)})
    (answer,) = full.answered()
    assert answer.pictures == ()
    assert full.evidence_failures == 2


def test_a_stream_that_changes_its_size_amidst_is_followed_on(tmp_path: Path) -> None:
    line, events = pipeline(tmp_path, camera("static", "person")), list[SceneEvent]()
    for number in range(40):
        shape = (90, 160, 3) if number < 20 else (180, 320, 3)
        now = Frame(number, START + timedelta(seconds=number / 2), np.full(shape, 120, np.uint8))
        line.wants(now)
        events += line.step(now, (STANDING,) if number < 30 else ())
    raised, ended = events
    assert (ended.episode, ended.end_reason) == (raised.episode, EndReason.LEFT)
    assert ended.ended_at == START + timedelta(seconds=14.5)
    (last,) = ended.evidence
    assert picture_of((tmp_path / f"{last.sha256}.jpg").read_bytes()).shape == (180, 320, 3)


@pytest.mark.parametrize("shape", [(160, 90, 3), (120, 160, 3)], ids=["upright", "4:3"])
def test_a_stream_that_changes_its_shape_amidst_is_interrupted(tmp_path: Path, shape: tuple[int, int, int]) -> None:
    line, events = pipeline(tmp_path, camera("person")), list[SceneEvent]()
    for number in range(40):
        now = Frame(
            number,
            START + timedelta(seconds=number / 2),
            np.full(shape if number >= 20 else (90, 160, 3), 120, np.uint8),
        )
        line.wants(now)
        events += line.step(now, (STANDING,))
    assert [(one.phase, one.end_reason) for one in events] == [
        (ScenePhase.RAISED, None),
        (ScenePhase.ENDED, EndReason.INTERRUPTED),
        (ScenePhase.RAISED, None),
    ]
    assert events[1].ended_at == START + timedelta(seconds=9.5)
    assert events[2].started_at == START + timedelta(seconds=10)


def test_a_raised_episode_brings_its_clip_and_no_other_report_does(tmp_path: Path) -> None:
    line = pipeline(tmp_path, camera("person"))
    line.clips_from(lambda: b"film")
    raised, ended = run(line, {n / 2: (STANDING,) if n < 20 else () for n in range(30)})
    assert [one.kind for one in raised.evidence] == [EvidenceKind.STARTED, EvidenceKind.RAISED, EvidenceKind.CLIP]
    clip = raised.evidence[-1]
    assert (clip.media_type, clip.at) == ("video/mp4", raised.evidence[1].at)
    assert (tmp_path / f"{clip.sha256}.mp4").read_bytes() == b"film"
    assert [one.kind for one in ended.evidence] == [EvidenceKind.ENDED]


def test_a_clip_that_cannot_be_cut_costs_the_clip_alone(tmp_path: Path) -> None:
    def broken() -> bytes | None:
        raise ClipNotCut("no")

    for cut, failures in ((broken, 1), (lambda: None, 0)):
        line = pipeline(tmp_path, camera("person"))
        line.clips_from(cut)
        (raised,) = run(line, {n / 2: (STANDING,) for n in range(12)})
        assert [one.kind for one in raised.evidence] == [EvidenceKind.STARTED, EvidenceKind.RAISED]
        assert line.evidence_failures == failures


def test_crowds_do_not_grow_what_is_held(tmp_path: Path) -> None:
    line = pipeline(tmp_path, camera("person", dwell_s=100))
    crowd = tuple(
        Detection("person", 0.8, (x / 12, y / 12, x / 12 + 0.04, y / 12 + 0.06)) for x in range(12) for y in range(11)
    )
    run(line, {n / 2: crowd for n in range(4)})
    assert len(line._episodes._held) == HELD_EPISODES_MAX


def test_static_foreground_needs_no_model(tmp_path: Path) -> None:
    street, events = Street(), []
    line = pipeline(tmp_path, camera("static", "person"), model=None)
    for number in range(100):
        at_s = number / 2
        things = [((150, 90, 190, 120), 40)] if 10 <= at_s < 30 else []
        now = Frame(number, START + timedelta(seconds=at_s), street.picture(things=things))
        assert not line.wants(now).detection
        events += line.step(now, None)
    raised, ended = events
    assert raised.label == "static"
    assert raised.model is None
    assert (raised.started_at - START).total_seconds() == pytest.approx(10, abs=1)
    assert ended.dwell_s == pytest.approx(20, abs=1.5)


def test_the_gate_lets_the_detector_rest_and_follows_what_lives(tmp_path: Path) -> None:
    line = pipeline(tmp_path, camera("person"))
    wanted = []
    for number in range(40):
        now = frame(number / 5)
        wants = line.wants(now).detection
        wanted.append(wants)
        line.step(now, () if wants else None)
    assert sum(wanted) <= 3
    line = pipeline(tmp_path, camera("person"))
    looks = 0
    for number in range(60):
        now = frame(number / 5)
        wants = line.wants(now).detection
        looks += wants
        line.step(now, (STANDING,) if wants else None)
    assert looks >= 11
    assert len(line.open_episodes) == 1


LOOK = Command(
    command="0195d3b0-0000-7000-8000-00000000000a",
    name=CommandName.LOOK,
    camera="cam",
    deadline=START + timedelta(minutes=1),
    zone="z",
    seconds=5.0,
)


def test_a_look_says_what_the_picture_was_like(tmp_path: Path) -> None:
    line = pipeline(tmp_path, camera("person"))
    line.picture = Picture(light=120.0)
    run(line, {0.0: ()})
    assert line.look_at(LOOK)
    run(line, {n / 2: () for n in range(1, 12)})
    (answer,) = line.answered()
    found = answer.finding
    assert (found.presence, found.seen, found.light, found.on_preset) == (Presence.GONE, 0, 120.0, None)
    assert len(answer.pictures) == 2


def test_a_look_that_gives_way_to_newer_ones_is_answered_with_what_it_saw(tmp_path: Path) -> None:
    line = pipeline(tmp_path, camera("person"))
    run(line, {0.0: (STANDING,)})
    asked = [LOOK.model_copy(update={"command": f"{number:036x}"}) for number in range(LOOKS_MAX + 2)]
    assert all(line.look_at(one) for one in asked)
    early = line.answered()
    assert [one.command for one in early] == [one.command for one in asked[:2]]
    assert {one.finding.presence for one in early} == {Presence.CANNOT_TELL}
    run(line, {n / 2: (STANDING,) for n in range(1, 12)})
    late = line.answered()
    assert [one.command for one in late] == [one.command for one in asked[2:]]
    assert {one.finding.presence for one in late} == {Presence.PRESENT}


def test_a_look_ends_when_the_clock_is_set_back_behind_its_beginning(tmp_path: Path) -> None:
    line = pipeline(tmp_path, camera("person"))
    run(line, {0.0: (STANDING,)})
    assert line.look_at(LOOK)
    run(line, {-7200.0: (STANDING,)})
    (answer,) = line.answered()
    assert answer.finding.presence is Presence.CANNOT_TELL
    assert answer.finding.since <= answer.finding.until


def test_a_dome_that_looks_away_answers_that_it_cannot_tell(tmp_path: Path) -> None:
    line = pipeline(tmp_path, camera("person", kind="dome"))
    run(line, {0.0: (STANDING,)})
    line.finish(EndReason.INTERRUPTED)
    line.picture = Picture(CameraReason.OFF_PRESET, 120.0, on_preset=False)
    line.pass_over(frame(1.0))
    assert line.look_at(LOOK)
    for n in range(3, 15):
        line.pass_over(frame(n / 2))
    (answer,) = line.answered()
    found = answer.finding
    assert (found.presence, found.on_preset, found.picture_health) == (
        Presence.CANNOT_TELL, False, CameraReason.OFF_PRESET,
    )  # fmt: skip

"""What people said: masks that expire, thresholds that are proposed, crops without faces, and the desk."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from edge_agent.cli import app
from edge_agent.core.clock import Clock
from edge_agent.core.feedback import JUDGED_MIN, REJECTED_MIN, SpotMask, Verdict, is_masked, masked, proposals
from edge_agent.core.rules import Look, RunningRule, SightingPhase
from edge_agent.core.rules.precedence import claims_of
from edge_agent.core.values import ModelIdentity, Track
from edge_agent.link.commands import CommandDesk
from edge_agent.link.evidence import EvidenceShelf
from edge_agent.link.judgements import JUDGEMENTS_MAX, Judgements, verdicts_in
from edge_agent.link.store import STORE_FILE, EdgeStore
from edge_agent.pipeline.crops import CropPlan, Crops
from edge_agent.settings import load_config
from edge_agent.video.crops import CROPS_FOLDER, CROPS_PER_CAMERA_MAX, CropFolder, crop_of, head_of, plate_of
from edge_agent.video.frame import Frame
from protocol.geometry import Box
from protocol.messages import Command, CommandName, CommandResult, CommandStatus, Judgement, SceneEvent
from protocol.scene_rules import Rule, StayRule
from tests.support.rules import alone
from tests.support.samples import scene_message
from tests.support.shared import REPOSITORY

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SPOT: Box = (0.4, 0.3, 0.5, 0.6)
MASK = SpotMask("cam", "z", "stay", SPOT, NOW + timedelta(seconds=60))
RULE = StayRule(scene="stay", labels=("stall",), dwell_s=5)


def said(
    number: int, judgement: Judgement = Judgement.REJECTED, *, camera: str = "cam", score: float | None = 0.5
) -> Command:
    return Command(
        command=f"01900000-0000-7000-8000-{number:012d}",
        name=CommandName.JUDGED,
        camera=camera,
        deadline=NOW + timedelta(hours=1),
        zone="z",
        scene="stay",
        episode=f"ep-{number}",
        box=SPOT,
        score=score,
        judgement=judgement,
        reason="false_alarm",
        mask_until=NOW + timedelta(days=7) if judgement is Judgement.REJECTED else None,
    )


def play(
    rule: RunningRule, box: Box, *, from_s: int, to_s: int, masks: tuple[SpotMask, ...]
) -> tuple[RunningRule, list[SightingPhase]]:
    phases: list[SightingPhase] = []
    for at_s in range(from_s, to_s):
        now = NOW + timedelta(seconds=at_s)
        rule, told = rule.step(Look((Track(1, "stall", box, 0.8, NOW, now),), now, 1.0, masks=masks))
        phases += [one.phase for one in told]
    return rule, phases


def test_a_masked_spot_is_left_alone_until_the_mask_expires() -> None:
    rule, phases = play(alone(RULE), SPOT, from_s=0, to_s=60, masks=(MASK,))
    assert phases == []
    _, phases = play(rule, SPOT, from_s=60, to_s=70, masks=(MASK,))
    assert SightingPhase.RAISED in phases


@pytest.mark.parametrize(
    ("box", "zone", "scene", "told"),
    [
        (SPOT, "z", "stay", False),
        ((0.41, 0.3, 0.51, 0.6), "z", "stay", False),
        ((0.2, 0.1, 0.8, 0.9), "z", "stay", True),
        ((0.6, 0.3, 0.7, 0.6), "z", "stay", True),
        (SPOT, "other", "stay", True),
        (SPOT, "z", "crowd", True),
    ],
    ids=["the same", "a little beside", "a larger thing before it", "elsewhere", "another zone", "another scene"],
)
def test_a_mask_concerns_what_has_its_place_and_size(box: Box, zone: str, scene: str, *, told: bool) -> None:
    _, phases = play(alone(RULE), box, from_s=0, to_s=20, masks=(replace(MASK, zone=zone, scene=scene),))
    assert (SightingPhase.RAISED in phases) is told


def test_an_episode_that_was_told_before_the_mask_goes_on_to_its_true_end() -> None:
    rule, _ = play(alone(RULE), SPOT, from_s=0, to_s=10, masks=())
    rule, phases = play(rule, SPOT, from_s=10, to_s=30, masks=(MASK,))
    assert phases == []
    assert rule.followed == frozenset({1})


@given(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)))
def test_a_mask_always_covers_its_own_box(corners: tuple[float, float, float, float]) -> None:
    x1, x2 = sorted(corners[:2])
    y1, y2 = sorted(corners[2:])
    box = (x1, y1, x2, y2)
    if (x2 - x1) * (y2 - y1) > 1e-9:
        assert is_masked([box], box)
    assert masked([replace(MASK, box=box)], "z", "stay", MASK.until) == ()


def verdicts(confirmed: Sequence[float], rejected: Sequence[float]) -> list[Verdict]:
    scores = [(Judgement.CONFIRMED, score) for score in confirmed] + [(Judgement.REJECTED, score) for score in rejected]
    return [
        Verdict(f"ep-{number}", "cam", "z", "stay", judgement, "", NOW, SPOT, score)
        for number, (judgement, score) in enumerate(scores)
    ]


@pytest.mark.parametrize(
    ("confirmed", "rejected", "expected"),
    [
        ([0.8] * 20, [0.4] * 5, (0.8, 5, 0)),
        ([0.5, *[0.8] * 39], [0.6] * 4, (0.8, 4, 1)),
        ([0.5] * 3, [0.4] * 2, None),
        ([0.4] * 20, [0.8] * 5, None),
        ([], [0.4] * JUDGED_MIN, (0.41, JUDGED_MIN, 0)),
        ([0.80096] * 20, [0.4] * 5, (0.8, 5, 0)),
        ([0.80096] * 20, [0.8005] * 5, None),
    ],
    ids=[
        "apart",
        "one confirmed may be lost in forty",
        "too few",
        "no threshold helps",
        "all rejected",
        "rounded down",
        "nearer than the rounding",
    ],
)
def test_a_threshold_is_proposed_where_it_would_have_helped(
    confirmed: list[float], rejected: list[float], expected: tuple[float, int, int] | None
) -> None:
    found = proposals(verdicts(confirmed, rejected))
    assert [(one.score_min, one.rejected_avoided, one.confirmed_lost) for one in found] == (
        [expected] if expected else []
    )


@given(st.lists(st.floats(0, 1), max_size=60), st.lists(st.floats(0, 1), max_size=60))
def test_a_proposal_costs_at_most_one_confirmed_in_twenty(confirmed: list[float], rejected: list[float]) -> None:
    for one in proposals(verdicts(confirmed, rejected)):
        assert one.confirmed_lost <= 0.05 * len(confirmed) + 1e-9
        assert 0 < one.rejected_avoided <= one.rejected == len(rejected)


def episodes(rule: Rule, scores: Sequence[float]) -> list[bool]:
    """Of one episode with each score whether it is told."""
    told = []
    for score in scores:
        running_rule, phases = alone(rule), list[SightingPhase]()
        for at_s in range(20):
            now = NOW + timedelta(seconds=at_s)
            track = Track(1, "stall", SPOT, score, NOW, now)
            running_rule, said_now = running_rule.step(Look((track,), now, 1.0))
            phases += [one.phase for one in said_now]
        told.append(SightingPhase.RAISED in phases)
    return told


@given(
    st.lists(st.floats(0, 1), min_size=JUDGED_MIN, max_size=25),
    st.lists(st.floats(0, 0.9), min_size=REJECTED_MIN, max_size=25),
)
@settings(max_examples=30)
def test_a_proposal_that_is_written_into_the_rule_does_what_it_promises(
    confirmed: list[float], rejected: list[float]
) -> None:
    for one in proposals(verdicts(confirmed, rejected)):
        rule = RULE.model_copy(update={"score_min": one.score_min})
        assert episodes(rule, rejected).count(False) == one.rejected_avoided
        assert episodes(rule, confirmed).count(False) == one.confirmed_lost
        assert proposals(verdicts(confirmed, rejected), {("cam", "z", "stay"): 1.0}) == ()


def test_what_the_setting_already_avoids_is_not_proposed_again() -> None:
    said_of_all = verdicts([0.8] * 20, [0.4] * 5)
    (one,) = proposals(said_of_all)
    assert proposals(said_of_all, {("cam", "z", "stay"): one.score_min}) == ()
    assert proposals(said_of_all, {("cam", "z", "crowd"): 1.0, ("other", "z", "stay"): 1.0}) == (one,)


def test_what_scores_too_little_keeps_no_other_rule_from_telling_it() -> None:
    weak = alone(RULE.model_copy(update={"score_min": 0.9}))
    strong = alone(RULE.model_copy(update={"score_min": 0.8}))
    (weak, phases), (strong, told) = (play(one, SPOT, from_s=0, to_s=20, masks=()) for one in (weak, strong))
    assert (phases, claims_of(weak)) == ([SightingPhase.ENTERED], ())
    assert SightingPhase.RAISED in told
    assert [claim.told for claim in claims_of(strong)] == [True]


def test_what_is_told_goes_on_and_what_was_too_weak_is_told_once_it_scores_enough() -> None:
    rule = alone(RULE.model_copy(update={"score_min": 0.7}))
    phases = []
    for at_s, score in enumerate([0.5] * 15 + [0.75] + [0.5] * 15):
        now = NOW + timedelta(seconds=at_s)
        rule, said_now = rule.step(Look((Track(1, "stall", SPOT, score, NOW, now),), now, 1.0))
        phases += [(at_s, one.phase) for one in said_now if one.phase is not SightingPhase.PEAKED]
    assert phases == [(0, SightingPhase.ENTERED), (15, SightingPhase.RAISED)]
    assert rule.holds.raised


@pytest.fixture
def store(tmp_path: Path) -> EdgeStore:
    return EdgeStore(tmp_path, "00000000000000aa")


def test_the_newest_word_on_an_episode_counts(store: EdgeStore) -> None:
    book = Judgements(store)
    book.note(said(1), NOW)
    book.note(said(2, camera="other"), NOW)
    assert [mask.box for mask in book.masks("cam", NOW)] == [SPOT]
    assert book.masks("cam", NOW + timedelta(days=8)) == ()
    book.note(said(1, Judgement.CONFIRMED), NOW)
    assert book.masks("cam", NOW) == ()
    assert [mask.camera for mask in book.masks("other", NOW)] == ["other"]


def test_the_book_of_judgements_is_bounded(store: EdgeStore) -> None:
    book = Judgements(store)
    with store.transaction() as connection:
        connection.executemany(
            "INSERT INTO judgements VALUES (?, ?, 'cam', ?, ?)",
            [(f"ep-{n}", n, said(n).model_dump_json(), NOW.isoformat()) for n in range(JUDGEMENTS_MAX)],
        )
    book.note(said(JUDGEMENTS_MAX + 7), NOW)
    assert store.number("SELECT COUNT(*) FROM judgements") == JUDGEMENTS_MAX
    assert store.number("SELECT COUNT(*) FROM judgements WHERE episode = 'ep-0'") == 0


def desk_in(store: EdgeStore, answered: Callable[[CommandResult], None]) -> CommandDesk:
    clock = Clock(lambda: NOW, lambda: 0.0)
    return CommandDesk(store, EvidenceShelf(store, NOW.date), frozenset({"cam"}), clock, answered)


def test_a_judgement_is_kept_answered_at_once_and_passed_on(store: EdgeStore) -> None:
    answers: list[CommandResult] = []
    desk = desk_in(store, answers.append)
    order = desk.take(said(1))
    assert order is not None
    assert order.command.name is CommandName.JUDGED
    assert [one.status for one in answers] == [CommandStatus.DONE]
    assert [mask.box for mask in desk.spot_masks("cam")] == [SPOT]
    assert desk.take(said(1)) is None
    assert desk_in(store, answers.append).spot_masks("cam") == desk.spot_masks("cam")


def test_an_incomplete_judgement_is_refused(store: EdgeStore) -> None:
    answers: list[CommandResult] = []
    assert desk_in(store, answers.append).take(said(1).model_copy(update={"episode": None})) is None
    assert [(one.status, one.detail) for one in answers] == [
        (CommandStatus.FAILED, "`judged` needs zone, scene, episode and judgement")
    ]


def picture() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(3).integers(0, 256, (240, 320, 3), dtype=np.uint8)


def test_a_crop_has_a_margin_and_hides_what_it_must() -> None:
    image = picture()
    before = image.copy()
    hidden = (0.5, 0.25, 0.6, 0.5)
    jpeg = crop_of(image, (0.4, 0.2, 0.8, 0.8), [hidden])
    assert jpeg is not None
    shown = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert shown.shape[:2] == (pytest.approx(0.6 * 1.3 * 240, abs=3), pytest.approx(0.4 * 1.3 * 320, abs=3))
    left, top = 320 * 0.34, 240 * 0.11
    part = shown[int(0.3 * 240 - top) : int(0.45 * 240 - top), int(0.52 * 320 - left) : int(0.58 * 320 - left)]
    rest = shown[int(0.6 * 240 - top) :, int(0.65 * 320 - left) :]
    assert part.std() < 0.6 * rest.std()
    assert (image == before).all()
    assert crop_of(image, (0.5, 0.5, 0.51, 0.51), []) is None


@given(st.floats(0, 0.9), st.floats(0, 0.9), st.floats(0.01, 0.5), st.floats(0.01, 0.5))
def test_heads_are_above_and_plates_below(x: float, y: float, width: float, height: float) -> None:
    box = (x, y, min(1.0, x + width), min(1.0, y + height))
    head, plate = head_of(box), plate_of(box)
    assert head[1] <= box[1] <= head[3] <= box[3]
    assert box[1] <= plate[1] <= plate[3] == box[3]


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def event(number: int) -> SceneEvent:
    message = scene_message()
    return message.data.model_copy(update={"episode": f"ep-{number}", "box": (0.2, 0.2, 0.6, 0.8)})


@pytest.mark.parametrize(
    ("labels", "blur", "kept"),
    [(("person", "car"), True, True), (("stall",), True, False), ((), True, False), ((), False, True)],
    ids=["people are known", "people are not known", "no model", "the site wants it"],
)
def test_no_crop_is_kept_where_nobody_knows_the_faces(
    tmp_path: Path, labels: tuple[str, ...], *, blur: bool, kept: bool
) -> None:
    model = ModelIdentity("m", "0" * 64, labels) if labels else None
    Crops(CropPlan(tmp_path, blur), "cam", model).keep(event(1), Frame(0, NOW, picture()), ())
    assert CropFolder(tmp_path / "cam").path("ep-1").is_file() is kept


def test_the_folder_of_crops_is_bounded(tmp_path: Path) -> None:
    folder = CropFolder(tmp_path)
    for number in range(CROPS_PER_CAMERA_MAX + 3):
        folder.keep(f"ep-{number}", b"x")
    assert len(list(tmp_path.iterdir())) == CROPS_PER_CAMERA_MAX


CONFIG = """
site: s1
box: b1
cameras:
  - {id: cam, url: "rtsp://127.0.0.1/x"}
"""


def applied(config: Path, told: str) -> Rule:
    """The rule after the proposal's own words were pasted into it."""
    (setting,) = re.findall(r"`(score_min: [0-9.]+)`", told)
    zone = (
        "zones: [{id: z, polygon: [[0, 0], [1, 0], [1, 1]], rules: [{scene: stay, labels: [stall], dwell_s: 5, %s}]}]"
    )
    config.write_text(CONFIG.replace('/x"', f'/x", {zone % setting}'), encoding="utf-8")
    return load_config(config).config.cameras[0].zones[0].rules[0]


def judged_box(folder: Path, *commands: Command) -> Path:
    """A box with judged reports and their crops; its configuration."""
    config = folder / "edge.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    store = EdgeStore(folder / "data", "00000000000000aa")
    for one in commands:
        Judgements(store).note(one, NOW)
        CropFolder(folder / "data" / CROPS_FOLDER / "cam").keep(str(one.episode), b"picture" * 20_000)
    store.close()
    return config


def test_an_export_writes_through_no_link(tmp_path: Path) -> None:
    config, out, others = judged_box(tmp_path, said(0)), tmp_path / "out", tmp_path / "others"
    others.write_bytes(b"kept")
    (out / "stay" / "rejected").mkdir(parents=True)
    for name in ("index.csv", "stay/rejected/ep-0.jpg"):
        (out / name).symlink_to(others)
    assert run("export-crops", "--config", str(config), "--out", str(out)).exit_code == 0
    assert others.read_bytes() == b"kept"
    assert (out / "stay" / "rejected" / "ep-0.jpg").read_bytes() == b"picture" * 20_000


def test_an_export_onto_a_full_disk_leaves_nothing_half_and_names_the_target(tmp_path: Path) -> None:
    config, out = judged_box(tmp_path, said(0)), tmp_path / "out"
    program = (
        "import resource, signal, sys; from edge_agent.cli import app; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    )
    program += "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); app(sys.argv[1:])"
    words = [sys.executable, "-c", program, "export-crops", "--config", str(config), "--out", str(out)]
    ended = subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"{out} cannot be written: File too large\n"
    assert not [path for path in out.rglob("*") if path.is_file()]


def test_a_reason_is_shown_by_a_spreadsheet_and_not_run(tmp_path: Path) -> None:
    formula = said(0).model_copy(update={"reason": "=HYPERLINK(1)\n\x1b[31m"})
    out = tmp_path / "out"
    assert run("export-crops", "--config", str(judged_box(tmp_path, formula)), "--out", str(out)).exit_code == 0
    _, line = (out / "index.csv").read_text(encoding="utf-8").splitlines()
    assert ",'=HYPERLINK(1) [31m," in line


def test_a_judgement_of_another_release_masks_nothing_and_is_told(tmp_path: Path) -> None:
    config = judged_box(tmp_path, said(0), said(1))
    store = EdgeStore(tmp_path / "data", "00000000000000aa")
    with store.transaction() as connection:
        connection.execute("UPDATE judgements SET command = '{}' WHERE episode = 'ep-0'")
    assert len(Judgements(store).masks("cam", NOW)) == 1
    store.close()
    told = run("feedback", "--config", str(config))
    assert (told.exit_code, told.stdout) == (2, "")
    assert "holds a judgement that this release cannot read" in told.stderr


def test_judged_crops_are_exported_with_an_index(tmp_path: Path) -> None:
    config = tmp_path / "edge.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    refused = run("export-crops", "--config", str(config), "--out", str(tmp_path / "out"))
    assert (refused.exit_code, "there is none yet" in refused.stderr) == (2, True)
    store = EdgeStore(tmp_path / "data", "00000000000000aa")
    for number in range(12):
        judgement = Judgement.CONFIRMED if number < 8 else Judgement.REJECTED
        Judgements(store).note(said(number, judgement, score=0.9 if number < 8 else 0.4), NOW)
    CropFolder(tmp_path / "data" / CROPS_FOLDER / "cam").keep("ep-0", b"picture")
    CropFolder(tmp_path / "data" / CROPS_FOLDER / "cam").keep("ep-11", b"another")
    assert len(verdicts_in(store._connection)) == 12
    store.close()
    done = run("export-crops", "--config", str(config), "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("2 of 12 judged reports have a picture")
    assert (tmp_path / "out" / "stay" / "confirmed" / "ep-0.jpg").read_bytes() == b"picture"
    assert (tmp_path / "out" / "stay" / "rejected" / "ep-11.jpg").read_bytes() == b"another"
    index = (tmp_path / "out" / "index.csv").read_text(encoding="utf-8").splitlines()
    assert len(index) == 3
    told = run("feedback", "--config", str(config), "--lang", "en")
    assert "cam z stay: 8 confirmed, 4 rejected, precision 67%" in told.stdout
    assert "it would have avoided 4 of 4 rejected reports and lost 0 of 8 confirmed ones" in told.stdout
    assert (
        "`score_min: 0.9`；此前 4 条驳回中可避免 4 条"
        in run("feedback", "--config", str(config), "--lang", "zh-CN").stdout
    )
    assert episodes(applied(config, told.stdout), [0.4, 0.89, 0.9]) == [False, False, True]
    after = run("feedback", "--config", str(config), "--lang", "en").stdout
    assert ("8 confirmed, 4 rejected" in after, "proposal" in after) == (True, False)
    (tmp_path / "data" / STORE_FILE).write_bytes(json.dumps({"no": "database"}).encode() * 100)
    broken = run("feedback", "--config", str(config))
    assert (broken.exit_code, "cannot be read" in broken.stderr) == (2, True)

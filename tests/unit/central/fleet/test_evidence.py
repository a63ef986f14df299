"""Pictures: taken in whole or not at all."""

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from central.core.values import Actor, ActorKind
from central.services.evidence import (
    Evidence,
    EvidenceNoRoom,
    EvidencePolicy,
    EvidenceRefused,
    EvidenceTooLarge,
    EvidenceUnknown,
    EvidenceWrong,
)
from central.services.fleet import WANTED_AFTER_S
from protocol.messages import WANTED_EVIDENCE_MAX, EvidenceKind, EvidenceRef, MediaType
from tests.support.central_stores import Central
from tests.support.pictures import PICTURE, PICTURE_SHA
from tests.support.speaking_box import SpeakingBox, later
from tests.support.store_contents import rows

BOX = Actor(ActorKind.BOX, "b1")
ROOMY = EvidencePolicy(disk_free_bytes_min=0)


@pytest.fixture
def evidence(central: Central) -> Evidence:
    """Return an evidence service with room."""
    return Evidence(central.stores, ROOMY)


def files(tmp_path: Path) -> list[Path]:
    return sorted(path for path in (tmp_path / "stores" / "evidence").rglob("*") if path.is_file())


def reference(sha256: str = PICTURE_SHA, size: int = len(PICTURE)) -> EvidenceRef:
    return EvidenceRef(sha256=sha256, bytes=size, at=later(0), kind=EvidenceKind.RAISED)


def wanted(central: Central, at_s: float) -> tuple[str, ...]:
    """What the one box that reported is asked to bring again."""
    (due,) = central.fleet.watermarks(later(at_s))
    return due.watermark.evidence_wanted


def in_pieces(content: bytes) -> Iterator[bytes]:
    return (content[start : start + 1000] for start in range(0, len(content), 1000))


def test_what_goes_in_comes_out(evidence: Evidence, tmp_path: Path) -> None:
    assert evidence.put(PICTURE_SHA, in_pieces(PICTURE), BOX, later(0))
    file = evidence.get(PICTURE_SHA)
    assert (b"".join(file.chunks), file.size, file.media_type) == (PICTURE, len(PICTURE), "image/jpeg")
    assert files(tmp_path) == [tmp_path / "stores/evidence" / PICTURE_SHA[:2] / PICTURE_SHA[2:4] / PICTURE_SHA]


def test_again_is_no_work(evidence: Evidence) -> None:
    evidence.put(PICTURE_SHA, [PICTURE], BOX, later(0))
    unread = iter([b"never asked for"])
    assert not evidence.put(PICTURE_SHA, unread, BOX, later(1))
    assert next(unread) == b"never asked for"


def test_nothing_is_no_picture(evidence: Evidence, tmp_path: Path) -> None:
    with pytest.raises(EvidenceWrong, match="nothing was sent"):
        evidence.put(hashlib.sha256(b"").hexdigest(), [], BOX, later(0))
    assert files(tmp_path) == []


def test_a_wrong_hash_leaves_nothing_behind(evidence: Evidence, tmp_path: Path) -> None:
    with pytest.raises(EvidenceWrong, match="SHA-256"):
        evidence.put("ab" * 32, [PICTURE], BOX, later(0))
    assert files(tmp_path) == []
    assert not evidence.has("ab" * 32)


def test_a_size_that_the_event_did_not_say_is_refused(
    evidence: Evidence, central: Central, box: SpeakingBox, tmp_path: Path
) -> None:
    central.receive(box.scene(0, evidence=(reference(size=17),)))
    with pytest.raises(EvidenceWrong, match="17"):
        evidence.put(PICTURE_SHA, [PICTURE], BOX, later(1))
    assert files(tmp_path) == []
    assert not evidence.has(PICTURE_SHA)


def test_an_endless_upload_is_cut_off(evidence: Evidence, tmp_path: Path) -> None:
    endless = itertools.repeat(b"x" * 65_536)
    with pytest.raises(EvidenceTooLarge, match="4194304"):
        evidence.put(PICTURE_SHA, endless, BOX, later(0))
    assert files(tmp_path) == []


class Broken(Exception):
    """The sender went away."""


def test_an_upload_that_breaks_off_leaves_nothing_behind(evidence: Evidence, tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield PICTURE[:1000]
        raise Broken

    with pytest.raises(Broken):
        evidence.put(PICTURE_SHA, breaking(), BOX, later(0))
    assert files(tmp_path) == []


def test_the_quota_is_kept(central: Central) -> None:
    evidence = Evidence(central.stores, EvidencePolicy(quota_bytes=len(PICTURE) + 10, disk_free_bytes_min=0))
    evidence.put(PICTURE_SHA, [PICTURE], BOX, later(0))
    other = PICTURE[::-1]
    with pytest.raises(EvidenceNoRoom, match="later"):
        evidence.put(hashlib.sha256(other).hexdigest(), [other], BOX, later(1))


def test_a_full_disk_is_not_filled_further(central: Central) -> None:
    evidence = Evidence(central.stores, EvidencePolicy(disk_free_bytes_min=2**62))
    with pytest.raises(EvidenceRefused, match="room"):
        evidence.put(PICTURE_SHA, [PICTURE], BOX, later(0))


@pytest.mark.parametrize("first", ["event", "picture"])
def test_event_and_picture_find_each_other_in_any_order(
    first: str, evidence: Evidence, central: Central, box: SpeakingBox
) -> None:
    steps = [
        lambda: central.receive(box.scene(0, evidence=(reference(),))),
        lambda: evidence.put(PICTURE_SHA, [PICTURE], BOX, later(1)),
    ]
    for step in steps if first == "event" else steps[::-1]:
        step()
    (case,) = rows(central.stores, "cases")
    with central.stores.reading() as unit:
        (item,) = unit.evidence.of_cases([case["id"]])[case["id"]]
    assert item.state == "stored"
    assert wanted(central, WANTED_AFTER_S + 100) == ()


def test_a_promised_picture_that_does_not_come_is_asked_for(
    evidence: Evidence, central: Central, box: SpeakingBox
) -> None:
    central.receive(box.scene(0, evidence=(reference(),)), at_s=60)
    assert wanted(central, 60 + WANTED_AFTER_S) == ()
    assert wanted(central, 61 + WANTED_AFTER_S) == (PICTURE_SHA,)
    with pytest.raises(EvidenceUnknown):
        evidence.get(PICTURE_SHA)


def test_pictures_that_are_lost_for_ever_do_not_hide_newer_ones(central: Central, box: SpeakingBox) -> None:
    lost = [f"{number:064x}" for number in range(WANTED_EVIDENCE_MAX)]
    for at_s, sha256 in enumerate([*lost, PICTURE_SHA]):
        central.receive(box.scene(at_s, evidence=(reference(sha256),)), at_s=at_s)
    asked = wanted(central, WANTED_AFTER_S + WANTED_EVIDENCE_MAX + 1)
    assert len(asked) == WANTED_EVIDENCE_MAX
    assert asked[0] == PICTURE_SHA


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "zz", "a" * 63])
def test_only_hashes_name_pictures(name: str, evidence: Evidence) -> None:
    assert not evidence.has(name)
    with pytest.raises((EvidenceUnknown, EvidenceWrong)):
        evidence.get(name)


CLIP = b"\0\0\0\x20ftypisom" + bytes(range(256)) * 40
CLIP_SHA = hashlib.sha256(CLIP).hexdigest()


def test_a_clip_is_served_as_what_it_is(evidence: Evidence) -> None:
    evidence.put(CLIP_SHA, [CLIP], BOX, later(0), MediaType.MP4)
    assert evidence.get(CLIP_SHA).media_type == "video/mp4"


def test_what_the_event_said_goes_before_what_it_is_sent_as(
    central: Central, evidence: Evidence, box: SpeakingBox
) -> None:
    clip = EvidenceRef(sha256=CLIP_SHA, bytes=len(CLIP), at=later(0), kind=EvidenceKind.CLIP, media_type=MediaType.MP4)
    central.receive(box.scene(0, evidence=(clip,)))
    evidence.put(CLIP_SHA, [CLIP], BOX, later(1), MediaType.JPEG)
    assert evidence.get(CLIP_SHA).media_type == "video/mp4"


@pytest.mark.parametrize(
    ("sent_as", "size", "is_taken"),
    [(MediaType.JPEG, 11, False), (MediaType.JPEG, 10, True), (MediaType.MP4, 11, True), (MediaType.MP4, 21, False)],
)
def test_a_clip_may_be_larger_than_a_picture(
    central: Central, sent_as: MediaType, size: int, *, is_taken: bool
) -> None:
    strict = Evidence(central.stores, replace(ROOMY, picture_bytes_max=10, clip_bytes_max=20))
    content = bytes(size)
    if is_taken:
        assert strict.put(hashlib.sha256(content).hexdigest(), [content], BOX, later(0), sent_as)
        return
    with pytest.raises(EvidenceTooLarge, match=f"{sent_as} may have"):
        strict.put(hashlib.sha256(content).hexdigest(), [content], BOX, later(0), sent_as)

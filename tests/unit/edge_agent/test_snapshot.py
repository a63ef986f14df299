"""Evidence: masks first, then marks; kept by content."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from edge_agent.video.evidence_folder import EvidenceFolder
from edge_agent.video.snapshot import jpeg_of, marked, picture_of
from protocol.messages import EVIDENCE_BYTES_MAX, EvidenceKind

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CORNER = ((0.0, 0.0), (0.3, 0.0), (0.3, 0.3), (0.0, 0.3))
ZONE = ((0.4, 0.4), (0.9, 0.4), (0.9, 0.9), (0.4, 0.9))


def test_masks_zone_and_box_are_drawn_on_a_copy() -> None:
    picture = np.full((200, 300, 3), 128, np.uint8)
    drawn = marked(picture, [CORNER], ZONE, (0.5, 0.5, 0.7, 0.8))
    assert picture.min() == picture.max() == 128
    assert drawn[:55, :85].max() == 0
    assert drawn[80, 200].tolist() == pytest.approx([0, 220, 255], abs=60)
    assert drawn[100, 180].tolist() == pytest.approx([40, 40, 240], abs=60)
    assert drawn[130, 180].tolist() == [128] * 3


def test_wide_pictures_are_made_smaller_and_noise_fits_the_limit() -> None:
    rng = np.random.default_rng(1)
    jpeg = jpeg_of(rng.integers(0, 255, (2000, 4000, 3), np.uint8))
    assert picture_of(jpeg).shape == (960, 1920, 3)
    assert len(jpeg) <= EVIDENCE_BYTES_MAX


def test_pictures_are_kept_once_by_their_content(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path / "deep" / "evidence")
    first = folder.keep(b"jpeg", NOW, EvidenceKind.RAISED)
    again = folder.keep(b"jpeg", NOW, EvidenceKind.RAISED)
    assert first == again
    assert first.sha256 == hashlib.sha256(b"jpeg").hexdigest()
    assert [path.name for path in (tmp_path / "deep" / "evidence").iterdir()] == [f"{first.sha256}.jpg"]
    assert folder.path(first).read_bytes() == b"jpeg"


def test_half_a_picture_is_written_again(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path)
    kept = folder.keep(b"jpeg", NOW, EvidenceKind.RAISED)
    folder.path(kept).write_bytes(b"jp")
    folder.keep(b"jpeg", NOW, EvidenceKind.RAISED)
    assert folder.path(kept).read_bytes() == b"jpeg"


def test_a_folder_that_cannot_be_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        EvidenceFolder(tmp_path / "file" / "evidence").keep(b"jpeg", NOW, EvidenceKind.RAISED)

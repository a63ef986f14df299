"""Which of a case's pictures the seat shows, whatever kinds there are."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from central.core.values import EvidenceItem, EvidenceState
from central.web.seat.evidence import PICTURES_MAX, chosen_clip, chosen_pictures
from central.web.seat.pictures import thumbnail
from protocol.messages import EvidenceKind

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def item(kind: EvidenceKind) -> EvidenceItem:
    return EvidenceItem(kind.value, 10, NOW, kind, EvidenceState.STORED)


@pytest.mark.parametrize("kind", EvidenceKind)
def test_every_kind_of_evidence_can_be_shown_or_passed_over(kind: EvidenceKind) -> None:
    shown = thumbnail([item(kind)])
    assert (shown is None) == (kind is EvidenceKind.CLIP)
    assert len(chosen_pictures([item(kind)])) == (kind is not EvidenceKind.CLIP)


def test_the_moment_of_the_report_comes_first() -> None:
    everything = tuple(item(kind) for kind in EvidenceKind)
    shown = thumbnail(everything)
    assert shown is not None
    assert shown.kind is EvidenceKind.RAISED
    kinds = [one.kind for one in chosen_pictures(everything)]
    assert kinds == [EvidenceKind.RAISED, EvidenceKind.STARTED, EvidenceKind.ENDED][:PICTURES_MAX]


def test_the_newest_clip_is_offered_and_only_a_clip() -> None:
    older, newer = (
        item(EvidenceKind.CLIP),
        replace(item(EvidenceKind.CLIP), sha256="new", at=NOW + timedelta(seconds=1)),
    )
    pictures = [item(kind) for kind in EvidenceKind if kind is not EvidenceKind.CLIP]
    assert chosen_clip([newer, older, *pictures]) == newer
    assert chosen_clip(pictures) is None

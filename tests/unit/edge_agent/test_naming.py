"""A file goes when no report names it any more, and not before."""

from datetime import UTC, datetime
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core.evidence.naming import NAMES_MAX, Named
from protocol.messages import EvidenceKind, EvidenceRef, SceneEvent
from tests.support.samples import scene_message

AT = datetime(2026, 3, 1, tzinfo=UTC)


def event(*pictures: str) -> SceneEvent:
    refs = (
        EvidenceRef(sha256=sha256(one.encode()).hexdigest(), bytes=1, at=AT, kind=EvidenceKind.RAISED)
        for one in pictures
    )
    return scene_message(1).data.model_copy(update={"evidence": tuple(refs)})


def gone(named: Named, before: SceneEvent, after: SceneEvent) -> tuple[Named, set[str]]:
    named, refs = named.replaced((before,), (after,))
    return named, {ref.sha256 for ref in refs}


def shas(*pictures: str) -> set[str]:
    return {ref.sha256 for ref in event(*pictures).evidence}


def test_a_picture_that_was_replaced_goes() -> None:
    raised = event("began", "now")
    _, refs = gone(Named().reported((raised,)), raised, event("began", "main"))
    assert refs == shas("now")


def test_a_picture_that_another_report_shows_stays_until_that_is_replaced_too() -> None:
    raised, ended = event("began", "now"), event("now")
    named, refs = gone(Named().reported((raised,)).reported((ended,)), raised, event("began", "main"))
    assert refs == set()
    _, refs = gone(named, ended, event("other"))
    assert refs == shas("now")


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=4), max_size=400))
def test_what_is_remembered_has_a_bound(reports: list[list[str]]) -> None:
    named = Named()
    for one in reports:
        named = named.reported((event(*one), event(*one)))
    assert len(named.names) <= NAMES_MAX

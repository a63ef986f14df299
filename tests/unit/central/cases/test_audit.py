"""One changed byte of a history is found and named."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from central.core.case_machine import Asked, CaseState, CaseStatus, Petition, Post, Stage
from central.core.case_machine.audit import (
    FIRST,
    AuditFault,
    Finding,
    Head,
    Line,
    canonical,
    digest,
    findings,
    plain,
    sealed,
)
from central.core.case_machine.stages import STAGE_LIMITS, Runs, StageLimit, StageRun
from central.core.clocks import Pause, parse_limit

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)

TEXTS = st.text(max_size=12)
CONTENTS = st.lists(st.fixed_dictionaries({"actor": TEXTS, "note": TEXTS, "state": TEXTS}), min_size=1, max_size=8)


def chain(contents: list[dict[str, str]]) -> tuple[list[Line], Head]:
    lines: list[Line] = []
    previous = FIRST
    for number, content in enumerate(contents, start=1):
        previous = sealed(previous, content)
        lines.append(Line(number, dict(content), previous))
    return lines, Head(len(lines), previous, contents[-1]["state"])


@given(CONTENTS)
def test_an_untouched_history_is_sound(contents: list[dict[str, str]]) -> None:
    lines, head = chain(contents)
    assert list(findings(lines, head)) == []


@given(CONTENTS, st.data())
def test_a_changed_line_is_named(contents: list[dict[str, str]], data: st.DataObject) -> None:
    lines, head = chain(contents)
    index = data.draw(st.integers(0, len(lines) - 1))
    key = data.draw(st.sampled_from(["actor", "note"]))
    lines[index] = replace(lines[index], content={**lines[index].content, key: f"{lines[index].content[key]}!"})
    assert list(findings(lines, head)) == [Finding(AuditFault.CHANGED, index + 1)]


@given(CONTENTS, st.data())
def test_a_removed_line_is_named_also_the_last(contents: list[dict[str, str]], data: st.DataObject) -> None:
    lines, head = chain(contents)
    index = data.draw(st.integers(0, len(lines) - 1))
    del lines[index]
    (first, *_) = findings(lines, head)
    last = index == len(lines)
    assert first.fault is (AuditFault.END_MISSING if last else AuditFault.LINE_MISSING)
    assert first.line == index + 1


@given(CONTENTS, st.data())
def test_a_changed_seal_is_found(contents: list[dict[str, str]], data: st.DataObject) -> None:
    lines, head = chain(contents)
    index = data.draw(st.integers(0, len(lines) - 1))
    lines[index] = replace(lines[index], seal="f" * 64)
    assert Finding(AuditFault.CHANGED, index + 1) in list(findings(lines, head))


@given(CONTENTS)
def test_a_case_row_that_was_edited_is_found(contents: list[dict[str, str]]) -> None:
    lines, head = chain(contents)
    edited = replace(head, state=f"{head.state}!")
    assert list(findings(lines, edited)) == [Finding(AuditFault.STATE_CHANGED, len(lines))]
    assert list(findings([], head)) == [Finding(AuditFault.END_MISSING, len(lines))]


def test_the_same_values_have_one_form() -> None:
    assert canonical({"b": 1, "a": "案"}) == '{"a":"案","b":1}'.encode()
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})


def test_what_is_at_its_default_is_not_said() -> None:
    state = CaseState(CaseStatus.ACCEPTED, unit="sanitation")
    assert plain(state) == {"status": "accepted", "unit": "sanitation"}
    run = StageRun(Stage.HANDLING, NOW, StageLimit(parse_limit("1.50工作时")), "china-2026.1", (Pause(NOW),))
    assert plain(run) == {
        "stage": "handling",
        "began_at": "2026-03-02T01:00:00.000000+00:00",
        "limit": {"limit": {"amount": "1.50", "unit": "working_hours"}},
        "calendar": "china-2026.1",
        "pauses": [{"begin": "2026-03-02T01:00:00.000000+00:00"}],
    }


@given(st.integers(0, 2), st.sampled_from(CaseStatus), st.datetimes(timezones=st.just(UTC)), st.text(max_size=9))
def test_a_value_comes_back_from_what_is_kept(extensions: int, status: CaseStatus, at: datetime, text: str) -> None:
    asked = Asked(Petition.SUSPENSION, text, at, text, ((Post.DISPATCHER, text),), at)
    state = CaseState(status, unit=text, units=(text, text), extensions=extensions, asked=asked, due_at=at)
    assert TypeAdapter(CaseState).validate_json(canonical(plain(state))) == state
    runs = (StageRun(Stage.HANDLING, at, STAGE_LIMITS[Stage.HANDLING], "c", (Pause(at, at),), extensions, at),)
    assert TypeAdapter(Runs).validate_json(canonical(plain(runs))) == runs

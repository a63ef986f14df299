"""Bytes to messages and back: golden files, other releases, hostile input."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.codec import decode, encode, is_own_source
from protocol.errors import MalformedMessage, SequenceClaim, UnsupportedVersion
from protocol.messages import (
    MESSAGE_BYTES_MAX,
    MESSAGE_CLASSES,
    PROTOCOL_MAJOR,
    PROTOCOL_MINOR,
    Envelope,
    SceneMessage,
    UnknownMessage,
)
from tests.support.samples import EPOCH, all_messages, scene_message

GOLDEN = Path(__file__).parents[2] / "golden" / "protocol"
CURRENT = f"{PROTOCOL_MAJOR}.{PROTOCOL_MINOR}"
SAMPLES = all_messages()


def test_there_is_a_sample_of_every_message() -> None:
    assert {type(message) for message in SAMPLES.values()} == set(MESSAGE_CLASSES)


@pytest.mark.parametrize("name", SAMPLES)
def test_golden_file_is_what_this_release_writes(name: str) -> None:
    golden = json.loads((GOLDEN / CURRENT / f"{name}.json").read_text(encoding="utf-8"))
    assert json.loads(encode(SAMPLES[name])) == golden


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*/*.json")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_released_message_is_still_read(path: Path) -> None:
    message = decode(path.read_bytes())
    assert not isinstance(message, UnknownMessage)
    if path.parent.name == CURRENT:
        assert message == SAMPLES[path.stem]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_newer_minor_release_is_read_without_its_new_fields(name: str) -> None:
    raw = json.loads(encode(SAMPLES[name]))
    raw["dataschema"] = raw["dataschema"].replace(f":{CURRENT}", ":1.9")
    raw["newattribute"] = "later"
    raw["data"]["new_field"] = {"deep": [1, 2]}
    message = decode(json.dumps(raw).encode())
    assert message.data == SAMPLES[name].data  # type: ignore[attr-defined]


@pytest.mark.parametrize(("major", "read"), [(0, True), (1, True), (2, False), (17, False)])
def test_this_major_version_and_the_one_before_are_read(major: int, read: bool) -> None:  # noqa: FBT001 - a table
    payload = encode(scene_message(5)).replace(f"scene:{CURRENT}".encode(), f"scene:{major}.0".encode())
    if read:
        assert isinstance(decode(payload), SceneMessage)
        return
    with pytest.raises(UnsupportedVersion) as caught:
        decode(payload)
    assert caught.value.claim == SequenceClaim(EPOCH, 5)


def test_an_unknown_type_is_kept_not_refused() -> None:
    message = decode(encode(scene_message(4)).replace(b"gw.event.scene", b"gw.event.weather"))
    assert isinstance(message, UnknownMessage)
    assert message.seq == 4
    assert isinstance(message.data, dict)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b"{}",
        b"[" * 100_000,
        b'{"epoch": 5, "seq": "x"}',
        b"x" * (MESSAGE_BYTES_MAX + 1),
        encode(scene_message()).replace(b'"dwell_s":5.0', b'"dwell_s":NaN'),
        encode(scene_message()).replace(b'"dwell_s":5.0', b'"dwell_s":-1'),
        encode(scene_message()).replace(b'"2026-03-02T01:00:00Z"', b'"2026-03-02T01:00:00"'),
        encode(scene_message()).replace(b"cam-1", b"cam/1"),
        encode(scene_message()).replace(b'"box":[0.25', b'"box":[1.25'),
        encode(scene_message()).replace(b'"raised_at":"2026', b'"raised_at":"9999'),
        encode(scene_message()).replace(b'"raised_at":"2026', b'"raised_at":"0001'),
        encode(SAMPLES["gap"]).replace(b'"first":3', b'"first":30'),
        encode(SAMPLES["gap"]).replace(b'"count":7', b'"count":8'),
        encode(scene_message()).replace(b'"label":"stall"', b'"label":"st\\u0000ll"'),
        encode(scene_message()).replace(b'"label":"stall"', b'"label":"st\\\\\\u0000ll"'),
        encode(scene_message()).replace(b"gw.event.scene", b"gw.event.\\u0000"),
    ],
)
def test_hostile_bytes_are_refused_without_being_quoted(payload: bytes) -> None:
    with pytest.raises(MalformedMessage) as caught:
        decode(payload)
    assert len(str(caught.value)) < 700


def test_a_backslash_before_u0000_is_no_nul() -> None:
    message = decode(encode(scene_message()).replace(b'"label":"stall"', b'"label":"st\\\\u0000ll"'))
    assert isinstance(message, SceneMessage)
    assert message.data.label == "st\\u0000ll"


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_nothing_but_malformed_message_ever_escapes(payload: bytes) -> None:
    try:
        decode(payload)
    except MalformedMessage:
        return
    pytest.fail("random bytes cannot be a message")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_json_as_data_is_either_read_or_malformed(data: object) -> None:
    raw = json.loads(encode(scene_message(7))) | {"data": data}
    with contextlib.suppress(MalformedMessage):
        assert decode(json.dumps(raw).encode()).seq == 7


def test_secrets_in_a_malformed_payload_do_not_reach_the_message() -> None:
    payload = encode(scene_message()).replace(b'"label":"stall"', b'"label":{"url":"rtsp://u:hunter2@h/x"}')
    with pytest.raises(MalformedMessage) as caught:
        decode(payload)
    assert "hunter2" not in str(caught.value)


def test_a_message_from_another_box_is_noticed() -> None:
    message: Envelope = scene_message()
    assert is_own_source(message, "s1", "b1")
    assert not is_own_source(message, "s1", "b2")
    assert not is_own_source(message, "s2", "b1")


def test_an_oversize_message_cannot_be_sent() -> None:
    message = scene_message()
    huge = message.model_copy(update={"id": "x" * (MESSAGE_BYTES_MAX + 1)})
    with pytest.raises(ValueError, match="262144"):
        encode(huge)

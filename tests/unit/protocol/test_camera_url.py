"""A camera address never shows its password."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from protocol.camera_url import CameraUrl, redact

SECRET = "rtsp://admin:hunter2@10.0.0.9:8554/live/1"


class Holder(BaseModel):
    """A model with an address in it."""

    url: CameraUrl


def test_every_way_to_show_it_is_masked() -> None:
    url = CameraUrl(SECRET)
    holder = Holder.model_validate({"url": SECRET})
    shown = [
        str(url),
        repr(url),
        f"{url}",
        str(holder),
        repr(holder),
        holder.model_dump_json(),
        str(holder.model_dump()),
    ]
    assert not [text for text in shown if "hunter2" in text or "admin" in text]
    assert url.reveal() == SECRET
    assert (url.host, url.port) == ("10.0.0.9", 8554)


def test_the_rtsp_port_is_the_default() -> None:
    assert CameraUrl("rtsp://10.0.0.9/live").port == 554


@pytest.mark.parametrize(
    "text", ["http://h/x", "rtsp:///x", "h/x", "rtsp://h:port/x", "rtsp://h:99999/x", "rtsp://[::1/x"]
)
def test_wrong_addresses_are_refused_without_quoting_them(text: str) -> None:
    with pytest.raises(ValidationError):
        Holder.model_validate({"url": text})
    with pytest.raises(ValueError, match="camera address") as caught:
        CameraUrl(text.replace("//h", "//admin:hunter2@h"))
    assert "hunter2" not in str(caught.value)


@given(
    st.text(st.characters(codec="ascii", exclude_characters="/@ :\t\n\r", min_codepoint=33), min_size=1),
    st.text(st.characters(codec="ascii", exclude_characters="/@ \t\n\r", min_codepoint=33), min_size=4),
)
def test_redaction_finds_credentials_inside_any_sentence(user: str, password: str) -> None:
    text = f"[Errno 5] cannot open 'rtsp://{user}:{password}@cam.local/live': Input/output error"
    assert redact(text) == "[Errno 5] cannot open 'rtsp://***@cam.local/live': Input/output error"


def test_two_addresses_in_one_text_are_both_redacted() -> None:
    assert redact("rtsp://a:b@c/d and rtsps://e:f@g/h") == "rtsp://***@c/d and rtsps://***@g/h"


@pytest.mark.parametrize(
    "text",
    [
        "rtsp://admin:hunt@hunter2#hunter2@cam.local/live",
        "rtsp://admin:hunter2/hunter2@cam.local/live",
        "rtsp://admin:1?hunter2@cam.local/live",
        "rtsp://cam.local/user=admin_password=hunter2_channel=1",
        "rtsp://cam.local/live?channel=1&Token=hunter2&x=1",
    ],
)
def test_forgotten_escapes_and_named_secrets_are_masked_too(text: str) -> None:
    assert "hunter2" not in redact(f"cannot open {text}: timed out")
    assert "cam.local" in redact(text)


@pytest.mark.parametrize(
    "text", ["1rtsp://admin:hunter2@h/x", "-rtsp://admin:hunter2@h/x", "urlRTSP://admin:hunter2@h/x"]
)
def test_what_stands_before_an_address_does_not_save_it(text: str) -> None:
    assert "hunter2" not in redact(text)


def test_a_text_without_end_is_read_once() -> None:
    text = "x" * 3_000_000
    assert redact(text) == text


@pytest.mark.parametrize("text", ["rtsp://admin:a#b@h/x", "rtsp://admin:12/34@h/x", "rtsp://admin:12?34@h/x"])
def test_signs_that_would_cut_the_address_are_refused_with_their_cure(text: str) -> None:
    with pytest.raises(ValueError, match="# is %23"):
        CameraUrl(text)

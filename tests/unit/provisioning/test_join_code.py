"""Typed join codes are forgiven what cannot be meant otherwise, and the written connection reads back as it was."""

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from ruamel.yaml import YAML

from protocol.joining import CODE_PATTERN, Connection
from provisioning.join import JoinFailed, central_address, typed_code, yaml_text
from provisioning.join_texts import Fault

CODE = "ABCD-EFGH-IJKL-OBQR-2345"


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        f"  {CODE}\n",
        CODE.replace("-", ""),
        CODE.replace("-", " "),
        "abcde fghij klobq r2345",
        "ABCD-EFGH-1JKL-08QR-2345",
        "ＡＢＣＤ－ＥＦＧＨ－ＩＪＫＬ－ＯＢＱＲ－２３４５",
        "ABCD—EFGH—IJKL—OBQR—2345",
    ],
)
def test_a_code_is_read_as_meant(typed: str) -> None:
    assert typed_code(typed) == CODE


@pytest.mark.parametrize("typed", ["", "ABCD", CODE + "2", "9" * 20, "ABCD-EFGH-IJKL-OBQR-234é"])
def test_what_cannot_be_a_code_is_said_so(typed: str) -> None:
    with pytest.raises(JoinFailed) as failed:
        typed_code(typed)
    assert failed.value.fault is Fault.NO_CODE


@given(st.from_regex(CODE_PATTERN, fullmatch=True).map(str.strip))
def test_every_code_is_its_own_reading(code: str) -> None:
    assert typed_code(code) == code


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("http://192.0.2.1:8080", "http://192.0.2.1:8080"),
        ("http://192.0.2.1:8080/", "http://192.0.2.1:8080"),
        ("https://central.example/gw/", "https://central.example/gw"),
        ("central.example:8080", "http://central.example:8080"),
        ("http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080"),
    ],
)
def test_an_address_is_read_as_meant(typed: str, address: str) -> None:
    assert central_address(typed) == address


@pytest.mark.parametrize(
    "typed", ["", "ftp://central.example", "http://", "http://user:password@central.example", "http://a b"]
)
def test_what_is_no_address_is_said_so_without_repeating_it(typed: str) -> None:
    with pytest.raises(JoinFailed) as failed:
        central_address(typed)
    assert failed.value.fault is Fault.BAD_ADDRESS
    assert "password" not in repr(failed.value)


@given(st.text(alphabet="ABCDEFabcdef0123456789eE+-_.", min_size=1, max_size=43))
def test_a_written_connection_reads_back_as_it_was(secret: str) -> None:
    connection = Connection(
        site="no",
        box="123",
        central_url="http://192.0.2.1",
        mqtt_host="192.0.2.1",
        mqtt_port=1883,
        secret=SecretStr(secret),
    )
    read = YAML(typ="safe", pure=True).load(StringIO(yaml_text(connection)))
    assert Connection.model_validate(read) == connection

"""Digest login of the simulated camera."""

import hashlib

import pytest

from provisioning.simulator.login import REALM, Login

NONCE = "0123456789abcdef"
RIGHT = "s3cret!"
URI = "rtsp://127.0.0.1/cam"


def answer(user: str = "eye", secret: str = RIGHT, method: str = "DESCRIBE", nonce: str = NONCE) -> str:
    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    response = md5(f"{md5(f'{user}:{REALM}:{secret}')}:{nonce}:{md5(f'{method}:{URI}')}")
    return f'Digest username="{user}", realm="{REALM}", nonce="{nonce}", uri="{URI}", response="{response}"'


@pytest.mark.parametrize(
    ("header", "allowed"),
    [
        (answer(), True),
        (answer(secret="wrong"), False),
        (answer(user="other"), False),
        (answer(method="SETUP"), False),
        (answer(nonce="replayed"), False),
        ("Basic ZXllOnMzY3JldCE=", False),
        ("", False),
    ],
)
def test_only_the_right_answer_is_let_in(header: str, *, allowed: bool) -> None:
    assert Login("eye", RIGHT).allows("DESCRIBE", header, NONCE) is allowed


def test_a_login_does_not_show_itself() -> None:
    assert RIGHT not in repr(Login("eye", RIGHT))
    assert "eye" not in repr(Login("eye", RIGHT))

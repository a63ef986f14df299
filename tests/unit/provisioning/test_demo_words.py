"""The demo says what the camera found in both languages."""

from protocol.texts import Language
from provisioning.demo.words import CAMERA_FOUND, CAMERA_SAID, CAMERA_WORDS


def test_what_the_camera_found_is_said_in_the_language() -> None:
    assert CAMERA_FOUND.keys() == CAMERA_WORDS.keys()
    for word, found in CAMERA_FOUND.items():
        told = CAMERA_SAID.say(Language.CHINESE, word=found, pictures=1, seconds=2.0)
        assert found.zh in told
        assert word not in told

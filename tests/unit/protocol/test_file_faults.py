"""Why a file is not read or written, in both languages."""

from errno import EACCES, EIO, EISDIR, ENOENT, ENOSPC
from os import strerror

import pytest

from protocol.file_faults import why_not
from protocol.texts import Language


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        (ENOENT, "没有这个文件或文件夹", "there is no such file or folder"),
        (EACCES, "没有权限", "permission denied"),
        (EISDIR, "是文件夹", "it is a folder"),
        (ENOSPC, "磁盘已满", "the disk is full"),
        (EIO, strerror(EIO), strerror(EIO)),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(number: int, zh: str, en: str) -> None:
    words = why_not(OSError(number, strerror(number)))
    assert (words.say(Language.CHINESE), words.say(Language.ENGLISH)) == (zh, en)


def test_an_error_without_a_number_says_so() -> None:
    assert why_not(OSError("x")).zh == "未知原因"

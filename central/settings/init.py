"""A first `central.yaml` and its data folder."""

import os
from importlib.resources import files
from pathlib import Path

from central.settings.load import SettingsError
from protocol.file_faults import why_not
from protocol.texts import Words

FILE = "central.yaml"
DATA = "data"
PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
_THERE = Words("{path}：已经存在；--force 会覆盖它", "{path}: is there already; --force overwrites it")
_UNWRITABLE = Words("{path}：无法写入：{why}", "{path}: cannot be written: {why}")


def template() -> str:
    """The commented settings file; it says the defaults."""
    return files("central.settings").joinpath("template.yaml").read_text(encoding="utf-8")


def write_settings(folder: Path, *, force: bool) -> Path:
    """Write `central.yaml` (0600: an address in it may hold a password) and `data/` (0700) into `folder`.

    Returns the file's path. Raises `SettingsError` when the file is there and `force` is not set, or cannot be written.
    """
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / DATA).mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if force else os.O_EXCL)
        with os.fdopen(os.open(path, flags, PRIVATE_FILE), "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), PRIVATE_FILE)
            file.write(template())
    except FileExistsError:
        raise SettingsError(_THERE, path=path) from None
    except OSError as error:
        raise SettingsError(_UNWRITABLE, path=path, why=why_not(error)) from None
    return path

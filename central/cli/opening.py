"""What commands begin with: settings, services over the database, and whose fault it is when there are none."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from central.settings import CentralSettings, SettingsError, load_settings
from protocol.plain_text import shown
from protocol.texts import Language, Words, language_of

if TYPE_CHECKING:
    from central.app import Console

USER_MISTAKE, ENVIRONMENT_MISSING = 2, 3
_NO_DATABASE = Words("现在无法使用数据库：{why}", "the database cannot be used now: {why}")
WithLanguage = Annotated[Language | None, typer.Option("--lang", help="Language of the words.", show_default="by LANG")]
Config = Annotated[
    Path, typer.Option("--config", help="The settings file that `central init` wrote.", show_default=True)
]


@contextmanager
def open_console(settings: CentralSettings) -> Iterator["Console"]:
    """Services over the database, whether central runs or not; ends the command where there are none."""
    from central import app  # noqa: PLC0415 - each command loads its own parts

    with blamed(), app.open_console(settings) as console:
        yield console


@contextmanager
def blamed() -> Iterator[None]:
    """End with a sentence where central cannot start, or its database cannot be used."""
    from central.prerequisites import CannotStart  # noqa: PLC0415
    from central.stores.ports import StoreUnavailable  # noqa: PLC0415

    try:
        yield
    except CannotStart as error:
        end(error.exit_code, error.words)
    except StoreUnavailable as error:
        end(ENVIRONMENT_MISSING, _NO_DATABASE, why=error)


def _keep_private() -> None:
    """Whatever this process writes is for its own user: names, reports, hashes, pictures."""
    os.umask(0o077)


def settings_in(path: Path) -> CentralSettings:
    """The settings of a file; ends the command where it has mistakes."""
    _keep_private()
    try:
        return load_settings(path)
    except SettingsError as error:
        end(USER_MISTAKE, error.words)


def terminal_language() -> Language:
    """The language of whoever sits at the keyboard."""
    return language_of(os.environ)


def spoken(chosen: Language | None) -> Language:
    """The language that somebody chose, else that of the terminal."""
    return chosen or terminal_language()


def end(code: int, sentence: Words | str, **values: object) -> NoReturn:
    """End the command with a sentence, in the language of the terminal; what cannot be seen is written as an escape."""
    said = sentence if isinstance(sentence, str) else sentence.say(terminal_language(), **values)
    sys.stderr.write(f"{shown(said)}\n")
    raise typer.Exit(code)

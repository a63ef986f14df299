"""`gridwarden demo`: everything at once on this machine."""

import json
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from protocol.texts import Language, Words, language_of
from provisioning.demo.check.facts import Holdings, Played
from provisioning.demo.check.run import run_check
from provisioning.demo.check.verdict import Failure, judge
from provisioning.demo.plan import LOOPBACK, BrokerKind, Wishes
from provisioning.demo.processes import INTERRUPTION, Interrupted
from provisioning.demo.screen import show
from provisioning.demo.stage import StageBroken, running_stage
from provisioning.demo.words import (
    BROKEN,
    FOLDER,
    KEPT,
    NO_FOLDER,
    NOT_EMPTY,
    PORT_UNUSABLE,
    STOPPED,
    STOPPING,
    Say,
    teller,
)

DONE, FAILED, USER_MISTAKE, INTERRUPTED = 0, 1, 2, 130
TERMINAL_LANGUAGE: Final = language_of(os.environ)
FOREVER_S: Final = float("inf")

app = typer.Typer(help="The whole chain on this machine, with simulated cameras.", add_completion=False)


@app.command()
def demo(  # noqa: PLR0913 - a parameter an option
    *,
    check: Annotated[bool, typer.Option("--check", help="Break it in every promised way and prove it; ends.")] = False,
    folder: Annotated[Path | None, typer.Option("--dir", help="Empty folder to work in; it stays.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the temporary folder at the end.")] = False,
    port: Annotated[int, typer.Option(help="Port of pages and API; 0: a free one.", min=0, max=65_535)] = 0,
    broker: Annotated[BrokerKind, typer.Option(help="Embedded broker.")] = BrokerKind.AUTO,
    lang: Annotated[
        Language, typer.Option("--lang", help="Language of the words.", show_default="by LANG")
    ] = TERMINAL_LANGUAGE,
) -> None:
    """Start a broker, central, two edge agents and four simulated cameras; Ctrl-C stops everything, with exit code 0.

    With --check the last line of standard output is one JSON object, and the exit code says whether all holds.

    Example: gridwarden demo --check
    """
    _try_port(port, lang)
    say = teller(lang, lambda line: typer.echo(line, err=check))
    with INTERRUPTION.noted(), _workplace(folder, lang, say, keep=keep) as place:
        wishes = Wishes(place, port, broker)
        code = _checked(wishes, say) if check else _shown(wishes, say, lang)
    raise typer.Exit(code)


def _checked(wishes: Wishes, say: Say) -> int:
    try:
        verdict = run_check(wishes, say)
        code = DONE if verdict.ok else FAILED
    except Interrupted as signalled:
        verdict = judge(Played(), Holdings(), [Failure("interrupted", str(signalled))])
        code = INTERRUPTED if signalled.number == signal.SIGINT else FAILED
    typer.echo(json.dumps(verdict.figures))
    return code


def _shown(wishes: Wishes, say: Say, language: Language) -> int:
    try:
        with running_stage(wishes, FOREVER_S, say) as stage:
            say(FOLDER, folder=wishes.folder)
            try:
                show(stage, language)
            finally:
                say(STOPPING)
    except Interrupted:
        say(STOPPED)
        return DONE
    except StageBroken as broken:
        say(BROKEN, text=broken)
        return FAILED


@contextmanager
def _workplace(folder: Path | None, language: Language, say: Say, *, keep: bool) -> Iterator[Path]:
    """The empty folder that the demo works in; a temporary one is removed at the end unless `keep`."""
    place = _temporary() if folder is None else _empty(folder.absolute(), language)
    try:
        yield place
    finally:
        if folder is None and not keep:
            shutil.rmtree(place, ignore_errors=True)
        else:
            say(KEPT, folder=place)


def _temporary() -> Path:
    return Path(tempfile.mkdtemp(prefix="gridwarden-demo-"))


def _empty(folder: Path, language: Language) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        used = any(folder.iterdir())
    except OSError as error:
        _end(NO_FOLDER, language, folder=folder, why=error.strerror)
    if used:
        _end(NOT_EMPTY, language, folder=folder)
    return folder


def _try_port(port: int, language: Language) -> None:
    try:
        socket.create_server((LOOPBACK, port)).close()
    except OSError as error:
        _end(PORT_UNUSABLE, language, port=port, why=os.strerror(error.errno or 0))


def _end(words: Words, language: Language, **values: object) -> NoReturn:
    typer.echo(words.say(language, **values), err=True)
    raise typer.Exit(USER_MISTAKE)

"""`gridwarden provision`: put a box into service, look at a camera, pretend to be one."""

import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import typer

from protocol.camera_url import CameraUrl
from protocol.joining import CONNECTION_FILE
from protocol.texts import Language, language_of
from provisioning.detector.commands import add_detector_commands
from provisioning.join import JoinFailed, central_address, join
from provisioning.join_texts import ASK_CODE, JOINED, PLAIN_HTTP, Fault
from provisioning.probe.findings import BAD_CAMERA_ADDRESS, Result
from provisioning.simulator.commands import add_simulator_commands

USER_MISTAKE: Final = 2
INTERRUPTED: Final = 130
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
CODE_FILE_BYTES_MAX = 4096
URL_BYTES_MAX = 4096
TERMINAL_LANGUAGE = language_of(os.environ)

app = typer.Typer(
    name="provision",
    help="The technician's tools / 安装调试工具。 Example: gridwarden provision probe rtsp://192.0.2.10/stream",
    no_args_is_help=True,
    add_completion=False,
)
add_simulator_commands(app)
add_detector_commands(app)
LanguageOption = Annotated[Language, typer.Option("--lang", help="Language of the words.", show_default="by LANG")]


@app.command("join")
def join_command(  # noqa: PLR0913 - a parameter an option
    *,
    central: Annotated[str, typer.Option(help="Address of central, like http://192.0.2.1:8080.")],
    out: Annotated[Path, typer.Option(help="Folder that gets connection.yaml.", file_okay=False)],
    code: Annotated[str | None, typer.Option(help="Join code; asked for when absent.")] = None,
    code_file: Annotated[
        Path | None, typer.Option(help="File with the join code: keeps it out of the process list.", dir_okay=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing connection.yaml.")] = False,
    lang: LanguageOption = TERMINAL_LANGUAGE,
) -> None:
    """Exchange a join code for this box's connection and keep it in OUT/connection.yaml (mode 0600).

    Example: gridwarden provision join --central http://192.0.2.1:8080 --out /etc/gridwarden
    """
    if code is not None and code_file is not None:
        raise typer.BadParameter("give --code or --code-file, not both")
    try:
        address = central_address(central)
        connection = join(address, _code(code, code_file, lang), out, force=force)
    except JoinFailed as failure:
        typer.echo(failure.fault.words.say(lang, **failure.values), err=True)
        raise typer.Exit(failure.fault.exit_code) from None
    parts = urlsplit(address)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        typer.echo(PLAIN_HTTP.say(lang, address=address), err=True)
    typer.echo(JOINED.say(lang, site=connection.site, box=connection.box, path=out / CONNECTION_FILE))


@app.command("probe")
def probe_command(
    url: Annotated[str, typer.Argument(help="rtsp://[USER:PASSWORD@]HOST[:PORT]/PATH; `-` reads it from stdin.")],
    *,
    picture: Annotated[Path | None, typer.Option(help="Save the first picture as this .jpg.", dir_okay=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of lines.")] = False,
    lang: LanguageOption = TERMINAL_LANGUAGE,
) -> None:
    """Look at a camera step by step and say what is wrong and what to try: exit 0 usable, 1 not, 2 no such address.

    Example: gridwarden provision probe rtsp://192.0.2.10/stream --picture first.jpg
    """
    from provisioning.probe.report import VERDICTS, json_of, line, verdict  # noqa: PLC0415 - joining needs no decoder
    from provisioning.probe.steps import probe  # noqa: PLC0415

    address = _camera_url(sys.stdin.readline(URL_BYTES_MAX).strip() if url == "-" else url, lang)
    findings = []
    for finding in probe(address, picture, time.perf_counter):
        findings.append(finding)
        if not as_json:
            typer.echo(line(finding, lang))
    worst = verdict(findings)
    typer.echo(
        json.dumps(json_of(address, findings, lang), ensure_ascii=False) if as_json else VERDICTS[worst].say(lang)
    )
    raise typer.Exit(int(worst is Result.FAILED))


def _camera_url(text: str, lang: Language) -> CameraUrl:
    """The address, or exit 2 with a sentence that does not repeat it."""
    with suppress(ValueError):
        url = CameraUrl(text)
        if url.host:
            return url
    typer.echo(BAD_CAMERA_ADDRESS.say(lang), err=True)
    raise typer.Exit(USER_MISTAKE)


def _code(code: str | None, file: Path | None, lang: Language) -> str:
    """The code from the option, the file, the person at the terminal, or standard input."""
    if code is not None:
        return code
    if file is not None:
        try:
            with file.open(encoding="utf-8", errors="replace") as opened:
                return opened.read(CODE_FILE_BYTES_MAX).strip()
        except OSError as error:
            raise JoinFailed(Fault.NO_CODE_FILE, path=file, why=error.strerror) from None
    if not sys.stdin.isatty():
        return sys.stdin.readline(CODE_FILE_BYTES_MAX)
    try:
        return str(typer.prompt(ASK_CODE.say(lang)))
    except typer.Abort:
        raise typer.Exit(INTERRUPTED) from None

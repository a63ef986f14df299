"""`gridwarden central online-rate`, `availability`, `reliability`, `maintenance` and `makers`: device figures."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from central.cli.opening import (
    USER_MISTAKE,
    Config,
    WithLanguage,
    end,
    open_console,
    settings_in,
    spoken,
)
from central.settings.init import FILE
from protocol.texts import Language, Told, Words

Start = Annotated[str, typer.Option("--from", help="First day, or a time with its zone.", metavar="WHEN")]
End = Annotated[str, typer.Option("--to", help="The day after the last, or a time with its zone.", metavar="WHEN")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
KnownAt = Annotated[str, typer.Option("--known-at", help="As it was known then; left out: now.", metavar="WHEN")]

_OF_FILE = Words("{file}：{fault}", "{file}: {fault}")
_WINDOWS = Words("{file} 中的 {count} 个检修窗口", "maintenance windows of {file}: {count}")
_DEVICES = Words("{file} 中的 {count} 台设备", "devices of {file}: {count}")
_RUNS = Words("{file} 中的 {count} 段记录", "runs of {file}: {count}")
_NO_WINDOW = Words(
    "没有检修窗口“{name}”；`gridwarden central maintenance list` 列出全部",
    "there is no window '{name}'; `gridwarden central maintenance list` has all",
)

maintenance = typer.Typer(
    help="Planned maintenance: what is dark in it is shown apart from the online rate.",
    epilog="Example: gridwarden central maintenance import windows.csv",
    no_args_is_help=True,
)


def online_rate(  # noqa: PLR0913 - one for each option
    start: Start,
    to: End,
    known_at: KnownAt = "",
    *,
    as_json: AsJson = False,
    language: WithLanguage = None,
    config: Config = Path(FILE),
) -> None:
    """Print 在线率 and 完好率 of a period with their bounds, and how many cameras may fail now.

    Example: gridwarden central online-rate --from 2026-11-01 --to 2026-12-01 --config central.yaml
    """
    from central.cli.figures.availability import online_text, period  # noqa: PLC0415 - each command loads its own parts

    settings = settings_in(config)
    with open_console(settings) as console:
        now = console.clock.now()
        with _told(language=language):
            span, known = period(start, to, known_at, settings.timezone, now)
            report = console.services.availability.online(span, known)
        typer.echo(
            online_text(
                report,
                console.services.availability.snapshot(now),
                settings.timezone,
                spoken(language),
                as_json=as_json,
            )
        )


def availability(
    start: Start, to: End, *, as_json: AsJson = False, language: WithLanguage = None, config: Config = Path(FILE)
) -> None:
    """Print 系统可用率 by every witness, the worst first, with MTBF and MTTR.

    Example: gridwarden central availability --from 2026-11-01 --to 2026-12-01 --config central.yaml
    """
    from central.cli.figures.availability import period, system_text  # noqa: PLC0415 - each command loads its own parts

    settings = settings_in(config)
    with open_console(settings) as console:
        now = console.clock.now()
        with _told(language=language):
            span, _ = period(start, to, "", settings.timezone, now)
            report = console.services.availability.system(span, now)
    typer.echo(system_text(report, settings.timezone, spoken(language), as_json=as_json))


def reliability(  # noqa: PLR0913 - one for each option
    start: Start,
    to: End,
    by: Annotated[Literal["camera", "box", "vendor"], typer.Option(help="Over what failures are counted.")] = "camera",
    *,
    as_json: AsJson = False,
    language: WithLanguage = None,
    config: Config = Path(FILE),
) -> None:
    """Print failures, MTBF and MTTR of cameras, boxes or vendors.

    Example: gridwarden central reliability --from 2026-11-01 --to 2026-12-01 --by vendor --config central.yaml
    """
    from central.cli.figures.availability import period, reliability_text  # noqa: PLC0415 - each command loads its own parts
    from central.services.figures.availability import GroupedBy  # noqa: PLC0415

    settings = settings_in(config)
    with open_console(settings) as console:
        now = console.clock.now()
        with _told(language=language):
            span, known = period(start, to, "", settings.timezone, now)
            found = console.services.availability.reliability(span, known, GroupedBy(by))
    typer.echo(reliability_text(found, spoken(language), as_json=as_json))


@maintenance.command("import")
def import_windows(
    file: Annotated[Path, typer.Argument(help="An .xlsx or .csv file: 范围, 对象, 开始, 结束, 原因.")],
    language: WithLanguage = None,
    config: Config = Path(FILE),
) -> None:
    """Take windows from a table, all or none; those that are there already stay as they are.

    Example: gridwarden central maintenance import windows.csv --config central.yaml
    """
    from central.cli.figures.availability import read_windows  # noqa: PLC0415 - each command loads its own parts
    from central.settings.sheet_file import read_sheet  # noqa: PLC0415

    settings = settings_in(config)
    with open_console(settings) as console:
        with _told(file, language):
            windows = read_windows(read_sheet(file), settings.timezone)
        count = console.services.device_notes.announce_all(windows, console.operator, console.clock.now())
    typer.echo(_WINDOWS.say(spoken(language), count=count, file=file))


@maintenance.command("list")
def list_windows(language: WithLanguage = None, config: Config = Path(FILE)) -> None:
    """List windows, newest announced first: id, what, from, to, reason, by whom; marked when late or cancelled.

    Example: gridwarden central maintenance list --config central.yaml
    """
    from central.cli.figures.availability import window_lines  # noqa: PLC0415 - each command loads its own parts

    settings = settings_in(config)
    with open_console(settings) as console:
        for line in window_lines(console.services.device_notes, settings.timezone, spoken(language)):
            typer.echo(line)


@maintenance.command("cancel")
def cancel_window(
    window: Annotated[str, typer.Argument(help="Its id, as `list` shows it.")], config: Config = Path(FILE)
) -> None:
    """Take a window back; it stays in the list and excuses nothing.

    Example: gridwarden central maintenance cancel mw-0123 --config central.yaml
    """
    from central.services.figures.device_notes import WindowUnknown  # noqa: PLC0415 - each command loads its own parts

    with open_console(settings_in(config)) as console:
        try:
            console.services.device_notes.cancel(window, console.clock.now())
        except WindowUnknown:
            end(USER_MISTAKE, _NO_WINDOW, name=window[:80])


def import_makers(
    file: Annotated[Path, typer.Argument(help="An .xlsx or .csv file: 设备, 厂商, 型号.")],
    language: WithLanguage = None,
    config: Config = Path(FILE),
) -> None:
    """Note who made which camera (box.camera) or box, for MTBF by vendor; devices named before are overwritten.

    Example: gridwarden central import-makers makers.csv --config central.yaml
    """
    from central.cli.figures.availability import read_makers  # noqa: PLC0415 - each command loads its own parts
    from central.settings.sheet_file import read_sheet  # noqa: PLC0415

    with open_console(settings_in(config)) as console:
        with _told(file, language):
            makers = read_makers(read_sheet(file))
        console.services.device_notes.set_makers(makers)
    typer.echo(_DEVICES.say(spoken(language), count=len(makers), file=file))


def watchdog(
    url: Annotated[str, typer.Option(help="Where central is reached from outside: https://HOST.")],
    out: Annotated[Path, typer.Option(help="Its own series; grows by a line at each change.", metavar="FILE")] = Path(
        "watchdog.jsonl"
    ),
    name: Annotated[str, typer.Option(help="Of this probe: a-z, 0-9 and -.")] = "outside",
    looks: Annotated[int, typer.Option(min=0, help="End after so many looks; 0: never.")] = 0,
    language: WithLanguage = None,
) -> None:
    """Look each 15 s from outside whether central serves, and write it down; needs no configuration. Ctrl-C ends it.

    Example: gridwarden central watchdog --url https://central.example --out watchdog.jsonl
    """
    from central.app import machine_clock  # noqa: PLC0415 - each command loads its own parts
    from central.cli.figures.watchdog import watch  # noqa: PLC0415

    try:
        with _told(language=language):
            watch(url, out, name, looks, machine_clock())
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def import_watchdog(
    file: Annotated[Path, typer.Argument(help="What `gridwarden central watchdog` wrote.")],
    language: WithLanguage = None,
    config: Config = Path(FILE),
) -> None:
    """Take in what a probe saw; the same file again, or longer, counts once.

    Example: gridwarden central import-watchdog watchdog.jsonl --config central.yaml
    """
    from central.cli.figures.watchdog import read_runs  # noqa: PLC0415 - each command loads its own parts

    with open_console(settings_in(config)) as console:
        with _told(language=language):
            runs = read_runs(file, now := console.clock.now())
        console.services.device_notes.take_runs(runs, now)
    typer.echo(_RUNS.say(spoken(language), count=len(runs), file=file))


@contextmanager
def _told(file: Path | None = None, language: Language | None = None) -> Iterator[None]:
    """End with the sentence of a refusal, and the file that it is of where it does not name it itself."""
    try:
        yield
    except Told as error:
        words = (
            error.words if file is None or str(file) in str(error) else _OF_FILE.filled(file=file, fault=error.words)
        )
        end(USER_MISTAKE, words.say(spoken(language)))

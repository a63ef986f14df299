"""`gridwarden central records` as it is typed."""

import os
from pathlib import Path
from typing import Annotated

import typer

from central.cli.opening import USER_MISTAKE, Config, end, open_console, settings_in
from central.settings import SettingsError
from central.settings.init import FILE
from protocol.texts import Language, language_of

KINDS = "budget_lines, contracts, payments, acceptances, devices, trainings, surveys, milestones, interviews"
Kind = Annotated[str, typer.Argument(metavar="KIND", help=f"One of {KINDS}.")]
Json = Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")]
Lang = Annotated[Language, typer.Option("--lang", help="Language of messages.", show_default="by LANG")]
TERMINAL_LANGUAGE = language_of(os.environ)

records = typer.Typer(
    help="Records of the project: budget lines, contracts, payments, acceptances, devices, training, surveys ...",
    epilog="Example: gridwarden central records import contracts.xlsx --dry-run",
    no_args_is_help=True,
)


@records.command("import")
def import_records(  # noqa: PLR0913, PLR0917 - one for each option
    file: Annotated[Path, typer.Argument(help="A .yaml file of all kinds, or a .csv or .xlsx table of one kind.")],
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="KIND", help="Of a table.", show_default="by the file's name")
    ] = None,
    correct: Annotated[
        str | None, typer.Option("--correct", metavar="REASON", help="Correct what is there with other content.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")] = False,  # noqa: FBT002 - a flag
    language: Lang = TERMINAL_LANGUAGE,
    config: Config = Path(FILE),
) -> None:
    """Enter the records of a file, whole or not at all, or tell every fault by its place. The same again is no change.

    Example: gridwarden central records import payments.csv --config central.yaml
    """
    from central.cli.figures.records import Wish, import_file, kind_named  # noqa: PLC0415 - loads its own parts

    with open_console(settings_in(config)) as console:
        try:
            wanted = kind_named(kind, language) if kind is not None else None
            told = import_file(console, Wish(file, wanted, correct or "", dry_run), language)
        except SettingsError as error:
            end(USER_MISTAKE, error.say(language))
    typer.echo(told)


@records.command("list")
def list_records(  # noqa: PLR0913, PLR0917 - one for each option
    kind: Kind,
    year: Annotated[int | None, typer.Option(help="Of one project year.", min=2000, max=2200)] = None,
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Those that were withdrawn too.")] = False,  # noqa: FBT002 - a flag
    as_json: Json = False,  # noqa: FBT002 - a flag
    language: Lang = TERMINAL_LANGUAGE,
    config: Config = Path(FILE),
) -> None:
    """List the records of a kind, last entered first: id, revision, year, content, who entered it and from where.

    Example: gridwarden central records list payments --year 2026 --config central.yaml
    """
    from central.cli.figures.records import kind_named, listed  # noqa: PLC0415 - each command loads its own parts
    from central.stores.ports import RecordFilter  # noqa: PLC0415

    with open_console(settings_in(config)) as console:
        try:
            wanted = RecordFilter(kind_named(kind, language), year, withdrawn)
        except SettingsError as error:
            end(USER_MISTAKE, error.say(language))
        for line in listed(console.services.project_records, wanted, language, as_json=as_json):
            typer.echo(line)


@records.command("export")
def export_records(
    year: Annotated[int, typer.Option(help="The project year.", min=2000, max=2200)],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A new file.", show_default="standard output")
    ] = None,
    language: Lang = TERMINAL_LANGUAGE,
    config: Config = Path(FILE),
) -> None:
    """Write the `records:` of a year as the YAML that a facts file takes.

    Example: gridwarden central records export --year 2026 --out records-2026.yaml --config central.yaml
    """
    from central.cli.figures.records import exported, written  # noqa: PLC0415 - each command loads its own parts

    with open_console(settings_in(config)) as console:
        text = exported(console.services.project_records, year)
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        typer.echo(written(out, text, language))
    except SettingsError as error:
        end(USER_MISTAKE, error.say(language))


@records.command("trace")
def trace_record(
    kind: Kind,
    name: Annotated[str, typer.Argument(metavar="ID", help="Of devices also the device's own id or serial number.")],
    as_json: Json = False,  # noqa: FBT002 - a flag
    language: Lang = TERMINAL_LANGUAGE,
    config: Config = Path(FILE),
) -> None:
    """Follow a record up and down: budget line, contract, payments, items, acceptances, devices.

    Example: gridwarden central records trace devices b1.cam-1 --config central.yaml
    """
    from central.cli.figures.records import kind_named, traced  # noqa: PLC0415 - each command loads its own parts
    from central.services.figures.project_records import RecordUnknown  # noqa: PLC0415

    with open_console(settings_in(config)) as console:
        try:
            told = traced(console.services.project_records, kind_named(kind, language), name, language, as_json=as_json)
        except (SettingsError, RecordUnknown) as error:
            end(USER_MISTAKE, error.say(language))
    typer.echo(told)


@records.command("check")
def check_records(
    as_json: Json = False,  # noqa: FBT002 - a flag
    language: Lang = TERMINAL_LANGUAGE,
    config: Config = Path(FILE),
) -> None:
    """Name over-runs and contradictions of all years: they are kept, and flagged.

    Example: gridwarden central records check --config central.yaml
    """
    from central.cli.figures.records import flagged  # noqa: PLC0415 - each command loads its own parts

    with open_console(settings_in(config)) as console:
        told = flagged(console.services.project_records, language, as_json=as_json)
    typer.echo(told)


@records.command("withdraw")
def withdraw_record(  # noqa: PLR0913, PLR0917 - one for each option
    kind: Kind,
    name: Annotated[str, typer.Argument(metavar="ID")],
    reason: Annotated[str, typer.Option(help="Why; it stays with the record.")],
    seen: Annotated[int, typer.Option("--revision", min=1, help="The revision that you looked at.")],
    language: Lang = TERMINAL_LANGUAGE,
    config: Config = Path(FILE),
) -> None:
    """Take a record back; it stays to be read, with the reason.

    Example: gridwarden central records withdraw payments p1 --revision 1 --reason "entered twice" --config central.yaml
    """
    from central.cli.figures.records import kind_named, withdrawn  # noqa: PLC0415 - each command loads its own parts
    from central.services.figures.project_records import RecordNeeded, RecordStale, RecordUnknown  # noqa: PLC0415

    with open_console(settings_in(config)) as console:
        try:
            told = withdrawn(console, kind_named(kind, language), name, seen, reason, language)
        except (SettingsError, RecordUnknown, RecordStale, RecordNeeded) as error:
            end(USER_MISTAKE, error.say(language))
    typer.echo(told)

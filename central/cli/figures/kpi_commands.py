"""`gridwarden central kpi` as it is typed."""

import os
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from central.cli.opening import USER_MISTAKE, Config, end, open_console, settings_in
from central.core.kpis import BadPeriod, period_between
from central.settings.init import FILE
from protocol.texts import Language, Words, language_of

TERMINAL_LANGUAGE = language_of(os.environ)
NO_PERIOD = Words(
    zh="请用 --from 和 --to 写明时段，例如 --from 2026-03-01 --to 2026-04-01（第二个日期不计入）",
    en="name the period by --from and --to, such as --from 2026-03-01 --to 2026-04-01 (the second day does not count)",
)
NO_ID = Words(
    zh="请在时段前写明指标的 ID，例如 closing_rate；`gridwarden central kpi` 列出全部",
    en="name a figure before its period, such as closing_rate; `gridwarden central kpi` lists them all",
)


def kpi(  # noqa: PLR0913, PLR0917 - one for each option
    name: Annotated[
        str, typer.Argument(metavar="[ID]", help="A figure, such as closing_rate; left out: all there are are listed.")
    ] = "",
    begin: Annotated[str, typer.Option("--from", help="First day (2026-03-01), or a time with its zone.")] = "",
    until: Annotated[str, typer.Option("--to", help="The first day, or time, that does not count any more.")] = "",
    by: Annotated[
        str,
        typer.Option(
            help="Told apart by phase (试运行, 正式运行), unit, community, grid ..., or a person (dispatched_by ...)."
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,  # noqa: FBT002 - a flag
    language: Annotated[
        Language, typer.Option("--lang", help="Language of the words.", show_default="by LANG")
    ] = TERMINAL_LANGUAGE,
    config: Config = Path(FILE),
) -> None:
    """List all figures (id, names, unit, how sure); of one say value, what was divided, interval, periods beside it.

    Example: gridwarden central kpi

    Example: gridwarden central kpi closing_rate --from 2026-03-01 --to 2026-04-01 --config central.yaml
    """
    if not name:
        _list(language, is_of_period=bool(begin or until or by), as_json=as_json)
        return
    if not (begin and until):
        end(USER_MISTAKE, NO_PERIOD.say(language))
    from central.cli.figures.kpis import groups_json, groups_text, kpi_json, kpi_text  # noqa: PLC0415 - each command loads its own parts
    from central.services.figures.kpis import KpiUnknown  # noqa: PLC0415

    settings = settings_in(config)
    try:
        period = period_between(begin, until, ZoneInfo(settings.timezone))
    except BadPeriod as problem:
        end(USER_MISTAKE, problem.say(language))
    with open_console(settings) as console:
        kpis, now = console.services.kpis, console.clock.now()
        try:
            if by:
                found = kpis.groups(name, period, now, by)
                text = groups_json(name, found, period, now, language) if as_json else groups_text(by, found, language)
            else:
                outlook = kpis.outlook(name, period, now)
                text = kpi_json(outlook, period, now, language) if as_json else kpi_text(outlook, language)
        except KpiUnknown as problem:
            end(USER_MISTAKE, problem.say(language))
    typer.echo(text)


def _list(language: Language, *, is_of_period: bool, as_json: bool) -> None:
    from central.cli.figures.kpi_list import list_json, list_text  # noqa: PLC0415 - each command loads its own parts

    if is_of_period:
        end(USER_MISTAKE, NO_ID.say(language))
    typer.echo(list_json() if as_json else list_text(language))

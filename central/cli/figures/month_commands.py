"""`gridwarden central publish-month` and `months` as they are typed."""

import os
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from central.cli.opening import USER_MISTAKE, Config, end, open_console, settings_in
from central.settings.init import FILE
from protocol.texts import Language, Words, language_of

TERMINAL_LANGUAGE = language_of(os.environ)
LISTED_MAX = 500
NO_MONTH = Words(
    zh="修订版属于某个月；请用 --month 2026-10 指明", en="a revision is of a month; name it with --month 2026-10"
)

AsJson = Annotated[bool, typer.Option("--json", help="JSON alone.")]
Spoken = Annotated[Language, typer.Option("--lang", help="Language of the words.", show_default="by LANG")]


def publish_month(
    month: Annotated[str, typer.Argument(metavar="MONTH", help="A month that is over: 2026-10.")],
    *,
    as_json: AsJson = False,
    language: Spoken = TERMINAL_LANGUAGE,
    config: Config = Path(FILE),
) -> None:
    """Publish a month's figures, sealed; again: the next revision where later facts changed it, with the difference.

    Example: gridwarden central publish-month 2026-10 --config central.yaml
    """
    from central.cli.figures.months import publication_json, publication_text  # noqa: PLC0415 - loads its own parts
    from central.core.kpis import BadPeriod  # noqa: PLC0415
    from central.services.figures.publishing import MonthRefused  # noqa: PLC0415

    with open_console(settings_in(config)) as console:
        try:
            done = console.services.publishing.publish(month, console.operator.name, console.clock.now())
        except (BadPeriod, MonthRefused) as problem:
            end(USER_MISTAKE, problem.say(language))
    typer.echo((publication_json if as_json else publication_text)(done, language))


def months(
    *,
    month: Annotated[str, typer.Option(help="Only this month; with --revision one revision of it.")] = "",
    revision: Annotated[
        int | None, typer.Option(min=0, help="Show it with its figures and what differs; 0: the newest.")
    ] = None,
    as_json: AsJson = False,
    language: Spoken = TERMINAL_LANGUAGE,
    config: Config = Path(FILE),
) -> None:
    """List what was published, last first: month, revision, completeness, when, by whom, seal; or show one revision.

    Example: gridwarden central months --month 2026-10 --revision 2 --config central.yaml
    """
    from central.cli.figures import months as told  # noqa: PLC0415 - each command loads its own parts
    from central.core.kpis import BadPeriod  # noqa: PLC0415
    from central.services.figures.publishing import MonthUnknown  # noqa: PLC0415
    from central.stores.ports import PageRequest  # noqa: PLC0415

    if revision is not None and not month:
        end(USER_MISTAKE, NO_MONTH.say(language))
    settings = settings_in(config)
    with open_console(settings) as console:
        publishing = console.services.publishing
        try:
            if revision is None:
                heads = publishing.heads(month or None, PageRequest(LISTED_MAX)).items
                text = (
                    told.heads_json(heads) if as_json else told.heads_text(heads, ZoneInfo(settings.timezone), language)
                )
            else:
                link = publishing.revision(month, revision or None)
                change = publishing.difference(month, link.number, language)
                text = (told.revision_json if as_json else told.revision_text)(link, change, language)
        except (BadPeriod, MonthUnknown) as problem:
            end(USER_MISTAKE, problem.say(language))
    typer.echo(text)

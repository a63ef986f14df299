"""`gridwarden central partner`: whom central tells what has changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from central.cli.opening import USER_MISTAKE, Config, end, open_console, settings_in
from central.settings.init import FILE

partners = typer.Typer(
    help="Partners (docs/exchange.md): other systems that are told what has changed.",
    epilog="Example: gridwarden central partner list",
    no_args_is_help=True,
)

PartyName = Literal["police", "traffic_police", "hotline_12345", "province", "other"]
WantsName = Literal["everything", "cases", "cameras", "transferred"]
Name = Annotated[str, typer.Argument(help="a-z, 0-9 and -, 64 characters at most.")]


@partners.command()
def add(
    name: Name,
    party: Annotated[PartyName, typer.Option(help="What kind of authority it is.")],
    url: Annotated[str, typer.Option(help="Where changes are posted to; left out: nothing is sent.")] = "",
    wants: Annotated[WantsName, typer.Option(help="Which changes it is sent.")] = "cases",
    config: Config = Path(FILE),
) -> None:
    """Add a partner and print the secret that its deliveries are signed with, now and never again.

    Example: gridwarden central partner add police-gangu --party police --url https://exchange.example/gridwarden
    """
    from central.core.exchange import Party, Wants  # noqa: PLC0415 - each command loads its own parts
    from central.services.exchange import PartnerRefused  # noqa: PLC0415

    with open_console(settings_in(config)) as console:
        try:
            secret = console.services.exchange.add_partner(
                name, Party(party), url, Wants(wants),
                actor=console.operator, now=console.clock.now(), random=console.random,
            )  # fmt: skip
        except PartnerRefused as error:
            end(USER_MISTAKE, str(error))
    _tell_secret(name, secret.get_secret_value())


@partners.command("list")
def list_partners(config: Config = Path(FILE)) -> None:
    """List partners: name, party, wants, address, how many wait since when, how many are dead, the last reason.

    Example: gridwarden central partner list --config central.yaml
    """
    with open_console(settings_in(config)) as console:
        for view in console.services.exchange.partners():
            one, behind = view.partner, view.backlog
            since = f" since {behind.oldest_at:%Y-%m-%d %H:%M} UTC" if behind.oldest_at is not None else ""
            figures = f"{behind.waiting} waiting{since}, {behind.dead} dead"
            typer.echo("\t".join([one.name, one.party, one.wants, view.origin or "-", figures, one.error]).rstrip())


@partners.command()
def retry(name: Name, config: Config = Path(FILE)) -> None:
    """Send a partner at once what waits for it, and its dead deliveries again.

    Example: gridwarden central partner retry police-gangu
    """
    with open_console(settings_in(config)) as console, _known():
        count = console.services.exchange.revive(name, console.clock.now())
    typer.echo(f"{count} dead deliveries to {name} wait again.")


@partners.command("new-secret")
def new_secret(name: Name, config: Config = Path(FILE)) -> None:
    """Sign a partner's deliveries with another secret from now on, and print it, now and never again.

    Example: gridwarden central partner new-secret police-gangu
    """
    with open_console(settings_in(config)) as console, _known():
        secret = console.services.exchange.renew_secret(name, console.random)
    _tell_secret(name, secret.get_secret_value())


@partners.command("new-token")
def new_token(name: Name, config: Config = Path(FILE)) -> None:
    """Let a partner answer what is transferred to it; its token is printed now and never again, an older one ends.

    Example: gridwarden central partner new-token police-gangu
    """
    with open_console(settings_in(config)) as console, _known():
        token = console.services.receipts.new_token(name, console.random)
    typer.echo(
        f"Token of {name} (shown only now, hand it over in private):\n\n  {token}\n\n"
        "What it opens: docs/exchange.md, and nothing else"
    )


@partners.command("revoke-token")
def revoke_token(name: Name, config: Config = Path(FILE)) -> None:
    """End a partner's token at once; what it has answered stays.

    Example: gridwarden central partner revoke-token police-gangu
    """
    with open_console(settings_in(config)) as console, _known():
        console.services.receipts.revoke(name)
    typer.echo(f"{name} has no token any more.")


@partners.command()
def remove(name: Name, config: Config = Path(FILE)) -> None:
    """Send a partner nothing more; what it has not got is dropped.

    Example: gridwarden central partner remove police-gangu
    """
    with open_console(settings_in(config)) as console, _known():
        console.services.exchange.remove_partner(name)
    typer.echo(f"{name} is sent nothing more.")


@contextmanager
def _known() -> Iterator[None]:
    from central.services.exchange import PartnerUnknown  # noqa: PLC0415

    try:
        yield
    except PartnerUnknown as error:
        end(USER_MISTAKE, f"{error}; `gridwarden central partner list` shows who there is")


def _tell_secret(name: str, secret: str) -> None:
    typer.echo(
        f"Secret of {name} (shown only now, hand it over in private):\n\n  {secret}\n\n"
        "How to check a signature with it: docs/exchange.md"
    )

"""`gridwarden central partner`: whom central tells what has changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from central.cli.opening import USER_MISTAKE, Config, end, open_console, settings_in, terminal_language
from central.settings.init import FILE
from protocol.texts import NOTHING, Words

_SECRET = Words(
    "{name} 的密钥（仅显示这一次，请私下交给对方）：\n\n  {secret}\n\n如何用它核对签名：docs/exchange.md",
    "Secret of {name} (shown only now, hand it over in private):\n\n  {secret}\n\n"
    "How to check a signature with it: docs/exchange.md",
)
_TOKEN = Words(
    "{name} 的令牌（仅显示这一次，请私下交给对方）：\n\n  {token}\n\n它能打开什么：见 docs/exchange.md，此外一概不能",
    "Token of {name} (shown only now, hand it over in private):\n\n  {token}\n\n"
    "What it opens: docs/exchange.md, and nothing else",
)
_NO_TOKEN = Words("{name} 不再有令牌。", "{name} has no token any more.")
_REMOVED = Words("不再向 {name} 发送任何内容。", "{name} is sent nothing more.")
_REVIVED = Words("发给 {name} 的 {count} 条死信重新等待发送。", "{count} dead deliveries to {name} wait again.")
_NOBODY = Words(
    "{why}；`gridwarden central partner list` 列出现有的协作方",
    "{why}; `gridwarden central partner list` shows who there is",
)
_BEHIND = Words("{waiting} 条待发{since}，{dead} 条死信", "{waiting} waiting{since}, {dead} dead")
_SINCE = Words("（自 {at}）", " since {at}")

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
            since = NOTHING if behind.oldest_at is None else _SINCE.filled(at=f"{behind.oldest_at:%Y-%m-%d %H:%M} UTC")
            figures = _BEHIND.say(terminal_language(), waiting=behind.waiting, since=since, dead=behind.dead)
            typer.echo("\t".join([one.name, one.party, one.wants, view.origin or "-", figures, one.error]).rstrip())


@partners.command()
def retry(name: Name, config: Config = Path(FILE)) -> None:
    """Send a partner at once what waits for it, and its dead deliveries again.

    Example: gridwarden central partner retry police-gangu
    """
    with open_console(settings_in(config)) as console, _known():
        count = console.services.exchange.revive(name, console.clock.now())
    typer.echo(_REVIVED.say(terminal_language(), count=count, name=name))


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
    typer.echo(_TOKEN.say(terminal_language(), name=name, token=token))


@partners.command("revoke-token")
def revoke_token(name: Name, config: Config = Path(FILE)) -> None:
    """End a partner's token at once; what it has answered stays.

    Example: gridwarden central partner revoke-token police-gangu
    """
    with open_console(settings_in(config)) as console, _known():
        console.services.receipts.revoke(name)
    typer.echo(_NO_TOKEN.say(terminal_language(), name=name))


@partners.command()
def remove(name: Name, config: Config = Path(FILE)) -> None:
    """Send a partner nothing more; what it has not got is dropped.

    Example: gridwarden central partner remove police-gangu
    """
    with open_console(settings_in(config)) as console, _known():
        console.services.exchange.remove_partner(name)
    typer.echo(_REMOVED.say(terminal_language(), name=name))


@contextmanager
def _known() -> Iterator[None]:
    from central.services.exchange import PartnerUnknown  # noqa: PLC0415

    try:
        yield
    except PartnerUnknown as error:
        end(USER_MISTAKE, _NOBODY, why=error)


def _tell_secret(name: str, secret: str) -> None:
    typer.echo(_SECRET.say(terminal_language(), name=name, secret=secret))

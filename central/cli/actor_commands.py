"""`gridwarden central actor`: persons who may sign in."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from central.cli.opening import USER_MISTAKE, Config, end, open_console, settings_in, terminal_language
from central.settings.init import FILE
from protocol.texts import Words

_TOKEN = Words(
    "{name} 的令牌（{role}；仅显示这一次，请私下交给本人）：\n\n  {token}\n\n登录：{url}/ui/",
    "Token of {name} ({role}; shown only now, hand it over in private):\n\n  {token}\n\nSign in at {url}/ui/",
)
_TAKEN = Words("已有名为 {name} 的人；请另取名称", "there is a person called {name} already; choose another name")
_NOBODY = Words(
    "{why}；`gridwarden central actor list` 列出现有的人", "{why}; `gridwarden central actor list` shows who there is"
)
_REVOKED = Words("{name} 的令牌已失效。", "The token of {name} opens nothing any more.")

actors = typer.Typer(
    help="Persons who may sign in.",
    epilog='Example: gridwarden central actor add "Wang Fang" --role operator',
    no_args_is_help=True,
)

RoleName = Literal[
    "viewer",
    "operator",
    "technician",
    "acceptor",
    "leader",
    "dispatcher",
    "department",
    "collector",
    "supervisor",
]


@actors.command("add")
def add_actor(
    name: Annotated[str, typer.Argument(help="The person's name, as history will show it.")],
    role: Annotated[
        RoleName,
        typer.Option(
            help="viewer looks, operator decides, technician keeps the fleet; others fill the posts that `roles` of "
            "central.yaml gives them."
        ),
    ],
    unit: Annotated[str, typer.Option(metavar="ID", help="The responsible unit that a person belongs to.")] = "",
    config: Config = Path(FILE),
) -> None:
    """Register a person and print their token, which is shown only now.

    Example: gridwarden central actor add "Wang Fang" --role operator

    Example: gridwarden central actor add "Li Na" --role department --unit sanitation
    """
    from central.core.values import Role  # noqa: PLC0415
    from central.services.access import NameTaken  # noqa: PLC0415

    settings = settings_in(config)
    with open_console(settings) as console:
        try:
            token = console.services.access.add_actor(name, Role(role), console.clock.now(), console.random, unit)
        except NameTaken:
            end(USER_MISTAKE, _TAKEN, name=repr(name))
        except ValueError as error:
            end(USER_MISTAKE, str(error))
    typer.echo(_TOKEN.say(terminal_language(), name=name, role=role, token=token, url=settings.url))


@actors.command("list")
def list_actors(config: Config = Path(FILE)) -> None:
    """List who may sign in.

    Example: gridwarden central actor list --config central.yaml
    """
    with open_console(settings_in(config)) as console:
        for person in console.services.access.persons():
            typer.echo("\t".join([person.name, person.role or "", person.unit]).rstrip())


@actors.command("revoke")
def revoke_actor(
    name: Annotated[str, typer.Argument(help="The person's name, as `actor list` shows it.")],
    config: Config = Path(FILE),
) -> None:
    """End a person's access; history keeps what they did. `actor add` gives a new token, also for a lost one.

    Example: gridwarden central actor revoke "Wang Fang"
    """
    from central.services.access import PersonUnknown  # noqa: PLC0415

    with open_console(settings_in(config)) as console:
        try:
            console.services.access.revoke(name)
        except PersonUnknown as error:
            end(USER_MISTAKE, _NOBODY, why=error)
    typer.echo(_REVOKED.say(terminal_language(), name=name))

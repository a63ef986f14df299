"""`gridwarden central`: set up, run, let boxes and people in."""

import logging
import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from central.cli.actor_commands import actors
from central.cli.city.explain_deadline import EXAMPLE, explain_deadline
from central.cli.city.place_commands import components, grid, units
from central.cli.city.standards_commands import standards
from central.cli.figures.availability_commands import (
    availability,
    import_makers,
    import_watchdog,
    maintenance,
    online_rate,
    reliability,
    watchdog,
)
from central.cli.figures.change_commands import explain_change, propose_targets
from central.cli.figures.evaluate import evaluate
from central.cli.figures.kpi_commands import kpi
from central.cli.figures.month_commands import months, publish_month
from central.cli.figures.record_commands import records
from central.cli.figures.register_commands import registers
from central.cli.figures.score_commands import scores
from central.cli.figures.survey_commands import plan_survey
from central.cli.figures.target_commands import targets
from central.cli.keeping.backup_commands import backup, restore
from central.cli.keeping.export_commands import export_cases
from central.cli.keeping.retention import retention
from central.cli.opening import (
    ENVIRONMENT_MISSING,
    USER_MISTAKE,
    Config,
    WithLanguage,
    end,
    open_console,
    settings_in,
    spoken,
    terminal_language,
)
from central.cli.partners import partners
from central.settings import SettingsError
from central.settings.init import FILE, write_settings
from protocol.file_faults import why_not
from protocol.texts import Words

_WROTE = Words(
    "已写出 {path}（权限 0600）和 {data}。\n"
    "每个键都有默认值；请通读该文件，然后：\n"
    "  gridwarden central actor add NAME --role operator{where}   （谁可以登录）\n"
    "  gridwarden central add-box SITE BOX{where}                 （盒子的入网码）\n"
    "  gridwarden central run{where}",
    "Wrote {path} (mode 0600) and {data}.\n"
    "Every key has a default; read the file, then:\n"
    "  gridwarden central actor add NAME --role operator{where}   (who may sign in)\n"
    "  gridwarden central add-box SITE BOX{where}                 (a join code for a box)\n"
    "  gridwarden central run{where}",
)
_JOIN_CODE = Words(
    "站点 {site} 盒子 {box} 的入网码（仅显示这一次；用一次，72 小时内有效）：\n\n  {code}\n\n"
    "在盒子上运行：\n  gridwarden provision join --central {url} --code {code} --out /etc/gridwarden",
    "Join code of {box} at {site} (shown only now; one use, 72 hours):\n\n  {code}\n\n"
    "On the box:\n  gridwarden provision join --central {url} --code {code} --out /etc/gridwarden",
)
_OWN_BROKER = Words(
    "{path}：broker_url 写的是您自己的消息代理；这里只运行 `embedded`",
    "{path}: broker_url names a broker of yours; only `embedded` is run here",
)
_BROKER_RUNS = Words(
    "{folder} 已有一个消息代理在运行；只能有一个", "a broker runs already for {folder}; there can be only one"
)
_BROKER_WRITES = Words("{folder}：{why}；消息代理需要在此写入", "{folder}: {why}; the broker needs to write there")

log = logging.getLogger(__name__)

app = typer.Typer(
    help="The command centre: cases, alerts, pages, API.",
    epilog="Example: gridwarden central init /srv/gridwarden",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(actors, name="actor")
app.add_typer(standards, name="standards")
app.add_typer(partners, name="partner")
app.add_typer(grid, name="grid")
app.add_typer(components, name="components")
app.add_typer(units, name="units")
app.command("explain-deadline", epilog=EXAMPLE)(explain_deadline)
app.command()(evaluate)
app.command("plan-survey")(plan_survey)
app.command()(kpi)
app.add_typer(records, name="records")
app.command("publish-month")(publish_month)
app.command()(months)
app.command()(scores)
app.command("explain-change")(explain_change)
app.command("propose-targets")(propose_targets)
app.add_typer(targets, name="targets")
app.command()(backup)
app.command()(restore)
app.command("export-cases")(export_cases)
app.add_typer(retention, name="retention")
app.add_typer(maintenance, name="maintenance")
app.add_typer(registers, name="register")
app.command("online-rate")(online_rate)
app.command()(availability)
app.command()(reliability)
app.command("import-makers")(import_makers)
app.command()(watchdog)
app.command("import-watchdog")(import_watchdog)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where central shall live; made if missing.", metavar="DIR")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing central.yaml.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Write a commented central.yaml and its data folder.

    Example: gridwarden central init /srv/gridwarden
    """
    try:
        path = write_settings(folder, force=force)
    except SettingsError as error:
        end(USER_MISTAKE, error.words)
    where = "" if path.parent == Path() else f" --config {path}"
    typer.echo(_WROTE.say(terminal_language(), path=path, data=path.parent / "data", where=where))


@app.command()
def run(config: Config = Path(FILE)) -> None:
    """Run central until Ctrl-C (or SIGTERM): API, pages, MQTT, alerts, and the embedded broker unless it runs already.

    Example: gridwarden central run --config /srv/gridwarden/central.yaml
    """
    settings = settings_in(config)
    from central.app import run as run_central  # noqa: PLC0415
    from central.prerequisites import CannotStart  # noqa: PLC0415 - each command loads its own parts
    from central.settings.logs import write_logs  # noqa: PLC0415

    write_logs()
    try:
        code = run_central(settings, config)
    except CannotStart as error:
        end(error.exit_code, error.words)
    raise typer.Exit(code)


@app.command()
def broker(
    config: Config = Path(FILE),
    parent: Annotated[int | None, typer.Option("--parent", hidden=True, help="End when this process ends.")] = None,
) -> None:
    """Run the embedded broker in a process of its own; `central run` finds it, or starts one itself.

    Example: gridwarden central broker --config central.yaml
    """
    from central.gateway.broker.lock import RunsAlready  # noqa: PLC0415
    from central.gateway.broker.serve import BrokerCannotStart, serve  # noqa: PLC0415

    settings = settings_in(config)
    if not settings.embedded:
        end(USER_MISTAKE, _OWN_BROKER, path=config)
    logging.basicConfig(level=logging.WARNING, format="broker: %(message)s")
    if os.geteuid() == 0:
        log.warning("the broker runs as root; a user of its own is safer")
    try:
        code = serve(settings, secrets.token_bytes(32), parent)
    except RunsAlready:
        end(USER_MISTAKE, _BROKER_RUNS, folder=settings.data_dir)
    except BrokerCannotStart as error:
        end(ENVIRONMENT_MISSING, error.words)
    except OSError as error:
        end(ENVIRONMENT_MISSING, _BROKER_WRITES, folder=settings.broker_dir, why=why_not(error))
    raise typer.Exit(code)


@app.command("add-box")
def add_box(
    site: Annotated[str, typer.Argument(help="Site id: a-z, 0-9 and -, 32 characters at most.")],
    box: Annotated[str, typer.Argument(help="Box id, the only one of this name in the whole installation.")],
    config: Config = Path(FILE),
) -> None:
    """Register a box and print its join code: one use, 72 hours. Again for the same box: a new code.

    Example: gridwarden central add-box s1 b1 --config central.yaml
    """
    from central.services.fleet import FleetRefused  # noqa: PLC0415

    settings = settings_in(config)
    with open_console(settings) as console:
        try:
            code = console.services.fleet.add_box(site, box, console.operator, console.clock.now(), console.random)
        except FleetRefused as error:
            end(USER_MISTAKE, str(error))
    typer.echo(_JOIN_CODE.say(terminal_language(), box=box, site=site, code=code, url=settings.url))


@app.command("verify-audit")
def verify_audit(language: WithLanguage = None, config: Config = Path(FILE)) -> None:
    """Check the sealed histories of cases and every published month; name what was changed or taken out, exit 1 if any.

    Example: gridwarden central verify-audit --config /srv/gridwarden/central.yaml
    """
    from central.cli.keeping.verify_audit import report  # noqa: PLC0415 - each command loads its own parts

    with open_console(settings_in(config)) as console:
        code = report(console.services.audits, console.services.publishing, spoken(language))
    raise typer.Exit(code)

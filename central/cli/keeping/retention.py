"""`gridwarden central retention`: what goes by the rules, what went, and what must stay."""

import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from central.cli.opening import USER_MISTAKE, Config, end, open_console, settings_in
from central.core.retention import Kept, Tombstone
from central.services.cases.legal_holds import HoldRefused
from central.services.retention import Dropped, Planned, Retention
from central.settings.init import FILE
from central.stores.ports import PageRequest
from protocol.plain_text import one_line
from protocol.texts import Language, Words, language_of

TOMBSTONES_A_PAGE = 500
NAMES = {
    Kept.CASES: Words(zh="已结束案件", en="ended cases"),
    Kept.EVENTS: Words(zh="无案件的上报", en="reports of no case"),
}
FOR_EVER = Words(zh="{name}：永久保留", en="{name}: kept for ever")
DUE = Words(
    zh="{name}：按 {rule} 应删除 {count} 条（{before} 以前），另有 {held} 条因法律保全或关联案件保留",
    en="{name}: by {rule}, {count} from before {before} go; {held} more stay, under legal hold or with kin that stay",
)
NOTHING_DONE = Words(zh="仅为预演，未删除任何内容", en="this was a dry run: nothing was deleted")
DELETED = Words(
    zh="已删除 {cases} 个案件、{reports} 条上报、{pictures} 张图片；"
    "gridwarden central retention tombstones 列出删除标记",
    en="deleted {cases} cases, {reports} reports, {pictures} pictures; "
    "`gridwarden central retention tombstones` lists what lies where",
)
HELD = Words(zh="案件 {name} 已设置法律保全", en="case {name} is under legal hold")
LIFTED = Words(zh="案件 {name} 的法律保全已解除", en="the legal hold of case {name} is lifted")

retention = typer.Typer(
    help="How long cases and reports are kept, what must stay, and what went.",
    epilog="Example: gridwarden central retention run --dry-run",
    no_args_is_help=True,
)
Case = Annotated[str, typer.Argument(help="The number of a case, or its id.")]
Reason = Annotated[str, typer.Option(help="Why; it stands in the case's history.")]


@retention.command()
def run(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and delete nothing.")] = False,
    config: Config = Path(FILE),
) -> None:
    """Delete what `retention` of central.yaml lets go: central does the same bit by bit while it runs.

    Example: gridwarden central retention run --dry-run --config /srv/gridwarden/central.yaml
    """
    language = language_of(os.environ)
    with open_console(settings_in(config)) as console:
        service, now = console.services.retention, console.clock.now()
        plan = service.plan(now)
        for kept, planned in plan.items():
            sys.stdout.write(f"{_planned(kept, planned, language)}\n")
        if dry_run:
            sys.stdout.write(f"{NOTHING_DONE.say(language)}\n")
            return
        total = _run(service, sum(planned.count for planned in plan.values()), console.clock.now)
    words = DELETED.say(language, cases=total.cases, reports=total.reports, pictures=total.pictures)
    sys.stdout.write(f"{words}\n")


@retention.command()
def tombstones(config: Config = Path(FILE)) -> None:
    """List what was deleted: when, what, by which rule, and what is still known of it; newest first.

    Example: gridwarden central retention tombstones --config central.yaml
    """
    with open_console(settings_in(config)) as console:
        cursor: str | None = None
        while True:
            page = console.services.retention.tombstones(PageRequest(TOMBSTONES_A_PAGE, cursor))
            for one in page.items:
                sys.stdout.write(f"{_told(one)}\n")
            cursor = page.next
            if cursor is None:
                return


@retention.command()
def hold(case: Case, reason: Reason, config: Config = Path(FILE)) -> None:
    """Keep a case with all that belongs to it, whatever the rules.

    Example: gridwarden central retention hold E202603020001 --reason "court 2026-17"
    """
    with open_console(settings_in(config)) as console:
        try:
            console.services.legal_holds.set(one_line(case), one_line(reason), console.operator, console.clock.now())
        except HoldRefused as error:
            end(USER_MISTAKE, str(error))
    sys.stdout.write(f"{HELD.say(language_of(os.environ), name=case)}\n")


@retention.command()
def lift(case: Case, reason: Reason = "", config: Config = Path(FILE)) -> None:
    """Let the rules decide about a case again.

    Example: gridwarden central retention lift E202603020001 --reason "court closed"
    """
    with open_console(settings_in(config)) as console:
        try:
            console.services.legal_holds.lift(one_line(case), one_line(reason), console.operator, console.clock.now())
        except HoldRefused as error:
            end(USER_MISTAKE, str(error))
    sys.stdout.write(f"{LIFTED.say(language_of(os.environ), name=case)}\n")


@retention.command()
def holds(config: Config = Path(FILE)) -> None:
    """List cases under legal hold: number, since when, by whom, why.

    Example: gridwarden central retention holds --config central.yaml
    """
    with open_console(settings_in(config)) as console:
        for number, one in console.services.legal_holds.all():
            words = (number, one.set_at.isoformat(timespec="seconds"), one.set_by, one.reason)
            sys.stdout.write("\t".join(words) + "\n")


def _planned(kept: Kept, planned: Planned, language: Language) -> str:
    name = NAMES[kept].say(language)
    if planned.rule is None:
        return FOR_EVER.say(language, name=name)
    before = planned.rule.before.isoformat(timespec="seconds")
    return DUE.say(language, name=name, rule=planned.rule.text, count=planned.count, before=before, held=planned.held)


def _run(service: Retention, total: int, now: Callable[[], datetime]) -> Dropped:
    from rich.console import Console  # noqa: PLC0415 - only what takes long loads it
    from rich.progress import Progress  # noqa: PLC0415

    cases = reports = pictures = 0
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bars:
        bar = bars.add_task("retention", total=total)
        for dropped in service.run(now()):
            cases, reports, pictures = cases + dropped.cases, reports + dropped.reports, pictures + dropped.pictures
            bars.advance(bar, dropped.cases + dropped.reports)
    return Dropped(cases=cases, reports=reports, pictures=pictures)


def _told(stone: Tombstone) -> str:
    details = " ".join(f"{name}={value}" for name, value in sorted(stone.details.items()))
    at = stone.deleted_at.isoformat(timespec="seconds")
    return f"{at}\t{stone.kind}\t{stone.subject}\t{stone.rule}\t{details}"

"""`gridwarden central explain-deadline`: a deadline and the reasons for it, without configuration, data or network."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from central.core.clocks import CHINA, OFFICE, CannotCount, Deadline, LimitProblem, Pause, Terms, due, parse_limit
from central.core.clocks.explaining import explanation, warnings
from central.core.clocks.time_systems import BUILT_IN
from central.settings import SettingsError
from central.settings.calendar_file import load_calendar
from protocol.texts import Language, Words, language_of

EXAMPLE = "Example: gridwarden central explain-deadline --at 2026-03-06T16:30+08:00 --limit 4工作时"
DUE = Words(zh="到期 {due}", en="due {due}")
HELD = Words(zh="暂停中，恢复后再定", en="held by a pause without an end")
MISTAKE = 2
TERMINAL_LANGUAGE = language_of(os.environ)


def explain_deadline(  # noqa: PLR0913, PLR0917 - one for each option
    at: Annotated[str, typer.Option(help="When the clock starts, with its zone: 2026-03-02T09:00+08:00.")],
    limit: Annotated[
        str, typer.Option(help="Amount and unit: 4工作时, 1工作日, 2紧急工作时, 5自然日, 4 working_hours.")
    ],
    pause: Annotated[
        list[str] | None, typer.Option(metavar="FROM/TO", help="Not counted; without TO it still lasts. Repeatable.")
    ] = None,
    extend: Annotated[
        list[int] | None, typer.Option(min=0, max=10, help="Extensions, each one original limit. Repeatable.")
    ] = None,
    calendar: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Own holidays and working hours (YAML).", show_default="China")
    ] = None,
    time_system: Annotated[str, typer.Option(help="Working hours by name.")] = OFFICE.name,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,  # noqa: FBT002 - a flag
    language: Annotated[
        Language, typer.Option("--lang", help="Language of the words.", show_default="by LANG")
    ] = TERMINAL_LANGUAGE,
) -> None:
    """Say when a limit ends and which hours led there; needs no configuration and no network."""
    try:
        terms = _terms(limit, calendar, time_system)
        pauses = [_pause(text) for text in pause or ()]
        found = due(_moment("--at", at), terms, pauses, sum(extend or ()))
    except LimitProblem as problem:
        _refuse(f"--limit: {problem}")
    except (SettingsError, CannotCount, ValueError) as problem:
        _refuse(str(problem))
    typer.echo(_json(found, language) if as_json else _text(found, language))


def _terms(limit: str, calendar: Path | None, time_system: str) -> Terms:
    known, systems = (CHINA, BUILT_IN) if calendar is None else load_calendar(calendar)
    if time_system not in systems:
        raise SettingsError(f"--time-system: there is no {time_system!r}; there are: {', '.join(systems)}")
    return Terms(parse_limit(limit), systems[time_system], known)


def _json(found: Deadline, language: Language) -> str:
    answer = {
        "due": _due(found),
        "explanation": list(explanation(found, language)),
        "warnings": list(warnings(found, language)),
    }
    return json.dumps(answer, ensure_ascii=False)


def _text(found: Deadline, language: Language) -> str:
    said = _due(found)
    first = HELD.say(language) if said is None else DUE.say(language, due=said)
    notes = [f"! {line}" for line in warnings(found, language)]
    return "\n".join([first, *(f"  {line}" for line in explanation(found, language)), *notes])


def _due(found: Deadline) -> str | None:
    return None if found.due is None else found.due.astimezone(found.terms.calendar.zone).isoformat()


def _pause(text: str) -> Pause:
    begin, slash, end = text.partition("/")
    if not slash:
        raise ValueError(f"--pause: {text[:60]!r} is no pause; write FROM/TO, two times with their zones")
    try:
        return Pause(_moment("--pause", begin), _moment("--pause", end) if end else None)
    except ValueError as problem:
        raise ValueError(f"--pause: {str(problem).removeprefix('--pause: ')}") from None


def _moment(option: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{option}: {text[:60]!r} is no time; write 2026-03-02T09:00+08:00") from None
    if moment.tzinfo is None:
        raise ValueError(f"{option}: {text.strip()} has no zone; write it with one: {text.strip()}+08:00")
    return moment


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(MISTAKE)

"""`gridwarden central plan-survey`: how many answers a survey needs."""

import json
from typing import Annotated

import typer

from central.cli.opening import USER_MISTAKE, WithLanguage, end, spoken
from protocol.texts import Words

_NEEDED = Words(
    "两次调查各需 {answers} 份答卷，比例从 {share} 变化 {change}",
    "{answers} answers in each of both surveys, from {share} by {change}",
)


def plan_survey(
    share: Annotated[float, typer.Option("--share", help="Share of the content that is expected, 0 to 1.")],
    change: Annotated[float, typer.Option("--change", help="The change that shall be seen; 0.05 are 5 points.")] = 0.05,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,  # noqa: FBT002 - a flag
    language: WithLanguage = None,
) -> None:
    """Say how many answers each of two surveys needs until a change of satisfaction is told from chance.

    At 95 % two-sided, and seen in 80 % of the cases in which it is there.

    Example: gridwarden central plan-survey --share 0.80 --change 0.05
    """
    from central.core.kpis.registry.definitions import Unit  # noqa: PLC0415 - each command loads its own parts
    from central.core.kpis.registry.values import change_text, share_text  # noqa: PLC0415
    from central.core.kpis.survey_samples import ChangeRefused, answers_needed  # noqa: PLC0415 - each command loads its own parts

    try:
        answers = answers_needed(share, change)
    except ChangeRefused as error:
        end(USER_MISTAKE, error.words.say(spoken(language)))
    if as_json:
        typer.echo(json.dumps({"share": share, "change": change, "answers_each": answers}))
    else:
        told = {
            "answers": answers,
            "share": share_text(share),
            "change": change_text(change, Unit.RATIO, spoken(language)),
        }
        typer.echo(_NEEDED.say(spoken(language), **told))

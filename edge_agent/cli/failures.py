"""Tells the user what went wrong, in a sentence and an exit code."""

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import typer

from edge_agent.cli.language import TERMINAL_LANGUAGE
from edge_agent.core.rules import RulesRefused
from edge_agent.inference.detector import ModelRefused
from edge_agent.settings import ConfigRefused
from edge_agent.video.evidence_folder import EvidenceNotKept
from edge_agent.video.source import SourceFailed
from protocol.plain_text import shown
from protocol.texts import Language, Told

USER_MISTAKE = 2

_P = ParamSpec("_P")
_R = TypeVar("_R")


class UserMistake(Told):
    """A command cannot be done as it was given; the text says what to change."""


def told_plainly(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """Turn the user's mistakes into text on stderr and exit code 2, without a traceback.

    In the language of the command's `lang`, else the terminal's.
    """

    @functools.wraps(command)
    def wrapped(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return command(*args, **kwargs)
        except (UserMistake, ConfigRefused, ModelRefused, RulesRefused, SourceFailed, EvidenceNotKept) as mistake:
            chosen = kwargs.get("lang")
            language = chosen if isinstance(chosen, Language) else TERMINAL_LANGUAGE
            sys.stderr.write(f"{shown(mistake.say(language))}\n")
            raise typer.Exit(USER_MISTAKE) from None

    return wrapped

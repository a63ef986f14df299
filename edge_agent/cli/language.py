"""In which language a command speaks: as it is told, else as the terminal does."""

import os
from typing import Annotated

import typer

from protocol.texts import Language, language_of

TERMINAL_LANGUAGE = language_of(os.environ)
LanguageOption = Annotated[Language, typer.Option("--lang", help="Language of the words.", show_default="by LANG")]

"""In which language a caller is answered."""

from fastapi import Request

from central.settings import CentralSettings
from protocol.texts import Language

LANGUAGES_MAX = 20
_LANGUAGES = {"zh": Language.CHINESE, "en": Language.ENGLISH}


def language_for(request: Request) -> Language:
    """What the caller reads: the first language of `Accept-Language` that there is, else the installation's."""
    settings: CentralSettings = request.app.state.settings
    accepted = request.headers.get("accept-language", "")
    wanted = (part.partition(";")[0].strip().lower() for part in accepted.split(",", LANGUAGES_MAX))
    spoken = (_LANGUAGES.get(tag.partition("-")[0]) for tag in wanted)
    return next((language for language in spoken if language is not None), Language(settings.language))

"""What stands in the way of an action, in words of a person's language."""

from collections.abc import Iterable

from central.core.case_machine import Choice, Guard, Post
from central.core.case_machine.guards import WORDS
from central.core.case_machine.words import OF_SYSTEMS
from central.settings.texts import Texts


def why_not(choice: Choice, texts: Texts) -> str:
    """Why a person may not do it now; empty where they may."""
    if choice.needs_post:
        posts = [post for post in Post if post in choice.needs_post - OF_SYSTEMS]
        names = texts.say("actions.or").join(texts.word("post", post) for post in posts)
        return texts.say("actions.post", posts=names)
    if choice.held_by:
        return texts.say("actions.held", person=choice.held_by)
    return guard_words(choice.refused, texts)


def guard_words(guards: Iterable[Guard], texts: Texts) -> str:
    """Conditions that are not met."""
    return texts.say("actions.and").join(WORDS[guard].say(texts.language) for guard in guards)

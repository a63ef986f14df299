"""The sign-in page: plain HTML, works before any script is loaded."""

from html import escape
from urllib.parse import urlencode

from central.settings.texts import Texts
from protocol.texts import Language

TOKEN_FIELD = "token"  # noqa: S105 - the name of a form field
TOKEN_CHARS_MAX = 100


def sign_in_page(texts: Texts, to: str = "", *, problem: str = "") -> str:
    """The whole page; `to` is where the person goes then, `problem` the key of a text that says why they are not in."""
    other = Language.ENGLISH if texts.language is Language.CHINESE else Language.CHINESE

    def say(key: str) -> str:
        return escape(texts.say(key))

    behind = escape(f"&{urlencode({'to': to})}", quote=True) if to else ""
    refused = f'<div class="gw-refused" role="alert">{say(problem)}</div>' if problem else ""
    return f"""<!doctype html>
<html lang="{texts.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{say("sign_in.title")}</title>
<link rel="icon" href="/favicon.ico">
<link rel="stylesheet" href="/ui/static/seat.css">
</head>
<body>
<main class="gw-sign-in">
<form class="gw-sign-in__card" method="post" action="/ui/session?lang={texts.language}{behind}">
<img class="gw-sign-in__mark" src="/favicon.ico" alt="" width="48" height="48">
<h1>{say("sign_in.title")}</h1>
<p>{say("sign_in.lead")}</p>
{refused}
<input class="gw-hidden" type="text" name="username" autocomplete="username" tabindex="-1" aria-hidden="true">
<label for="gw-token">{say("sign_in.token")}</label>
<input id="gw-token" name="{TOKEN_FIELD}" type="password" autocomplete="current-password" required autofocus
 spellcheck="false" maxlength="{TOKEN_CHARS_MAX}">
<button class="gw-button gw-button--confirm" type="submit">{say("sign_in.submit")}</button>
<div class="gw-sign-in__foot">
<a href="/ui/sign-in?lang={other}{behind}" hreflang="{other}">{say("page.other_language")}</a>
<a href="/api/v1/docs">{say("sign_in.docs")}</a>
</div>
</form>
</main>
</body>
</html>
"""

"""What search must find, said again without any database."""

from collections.abc import Collection

from central.core.cases.search import Query

HAN = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters, as the inside of a regular expression's brackets."""

HOSTILE = (
    '"',
    "' OR 1=1 --",
    "垃圾* OR 摊贩",
    "NEAR(垃圾 摊贩, 10)",
    "terms : 垃圾",
    "^垃圾 AND NOT 摊",
    "-{}()+\\:*^",
    "垃\x00圾",
    "a\x00",
    "%s %(x)s :q ?",
    "垃圾:* & !摊 | <->",
    "\u200b\ufeff\U0001f600",
)
"""What databases might take for their own language; nothing but letters and digits may reach them."""


def finds(asked: Query, held: Collection[str]) -> bool:
    """Whether a document with these terms has everything that is asked for."""
    has_beginnings = all(any(term.startswith(one) for term in held) for one in asked.beginnings)
    return bool(asked) and set(asked.words) <= set(held) and has_beginnings

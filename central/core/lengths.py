"""A length of time in words."""

from collections.abc import Mapping

MINUTE_S = 60
HOUR_S = 3600
LENGTH_KEYS = ("length.seconds", "length.minutes", "length.hours")


def length_words(seconds: float, texts: Mapping[str, str]) -> str:
    """`48 秒`, `3 分 20 秒`, `1 小时 5 分`; `texts` has all of `LENGTH_KEYS`."""
    whole = int(seconds)
    if whole < MINUTE_S:
        return texts["length.seconds"].format(seconds=whole)
    if whole < HOUR_S:
        return texts["length.minutes"].format(minutes=whole // MINUTE_S, seconds=whole % MINUTE_S)
    return texts["length.hours"].format(hours=whole // HOUR_S, minutes=whole % HOUR_S // MINUTE_S)

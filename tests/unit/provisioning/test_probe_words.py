"""Every case of a probe has words in both languages that can be filled, and figures are computed from packets."""

from string import Formatter

import pytest

from protocol.camera_url import CameraUrl
from protocol.texts import Language, Words, language_of
from provisioning.probe.findings import Case, Finding, Result, Step
from provisioning.probe.report import json_of, line, verdict
from provisioning.probe.rtsp_client import bare_address, credentials_of
from provisioning.probe.video import Rhythm, Tick, rhythm_of


def _names(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


@pytest.mark.parametrize("case", list(Case))
def test_both_languages_say_the_same_values(case: Case) -> None:
    assert case.what.zh
    assert case.what.en
    assert _names(case.what.zh) == _names(case.what.en)
    assert _names(case.advice.zh) == _names(case.advice.en) == set()


@pytest.mark.parametrize("case", [case for case in Case if case.result is not Result.OK])
def test_whatever_is_wrong_comes_with_something_to_try(case: Case) -> None:
    assert case.advice.zh
    assert case.advice.en


def test_every_step_has_a_heading() -> None:
    assert all(step.heading.zh and step.heading.en for step in Step)


@pytest.mark.parametrize(
    ("cases", "worst"),
    [
        ([], Result.FAILED),
        ([Case.NAME_FOUND], Result.OK),
        ([Case.NAME_FOUND, Case.RATE_LOW, Case.KEY_FRAMES_FIT], Result.WARNING),
        ([Case.RATE_LOW, Case.REFUSED], Result.FAILED),
    ],
)
def test_the_verdict_is_the_worst_result(cases: list[Case], worst: Result) -> None:
    assert verdict([Finding(case, 0.0) for case in cases]) is worst


def test_a_line_names_mark_step_finding_time_and_advice() -> None:
    finding = Finding(Case.REFUSED, 0.0123, {"address": "192.0.2.7", "port": 554})
    assert line(finding, Language.ENGLISH).startswith("✗ Connection: 192.0.2.7 refuses port 554  (12 ms)\n    → try: ")
    assert line(finding, Language.CHINESE).startswith("✗ TCP 连接: 192.0.2.7 拒绝了端口 554  (12 ms)\n    → 请试: ")


def test_a_password_in_a_value_is_masked() -> None:
    finding = Finding(Case.NOT_OPENED, 0.0, {"why": "cannot open rtsp://admin:s3cr3t@192.0.2.7/x"})
    url = CameraUrl("rtsp://admin:s3cr3t@192.0.2.7/x")
    assert "s3cr3t" not in line(finding, Language.ENGLISH)
    assert "s3cr3t" not in str(json_of(url, [finding], Language.ENGLISH)["url"])


def test_credentials_are_decoded_and_never_shown() -> None:
    url = CameraUrl("rtsp://ad%40min:p%3Aw@192.0.2.7:8554/Streaming/Channels/101?profile=1")
    credentials = credentials_of(url)
    assert credentials is not None
    assert (credentials.user, credentials.password) == ("ad@min", "p:w")
    assert "p:w" not in repr(credentials)
    assert bare_address(url) == "rtsp://192.0.2.7:8554/Streaming/Channels/101?profile=1"


@pytest.mark.parametrize(
    ("ticks", "rhythm"),
    [
        ([], Rhythm(0.0, None)),
        ([Tick(1.0, is_key=True)], Rhythm(0.0, None)),
        ([Tick(n / 10, is_key=n % 20 == 0) for n in range(41)], Rhythm(10.0, 2.0)),
        ([Tick(n / 10, is_key=n == 0) for n in range(41)], Rhythm(10.0, None)),
        ([Tick(1992.5, is_key=True), *(Tick(n / 10, is_key=n % 10 == 9) for n in range(40))], Rhythm(10.0, 1.0)),
        ([Tick(0.0, is_key=True), *(Tick(50 + n / 10, is_key=n % 10 == 9) for n in range(40))], Rhythm(10.0, 1.0)),
        ([Tick(n / 10, is_key=False) for n in range(41) if n % 4], Rhythm(7.5, None)),
    ],
)
def test_rhythm_of_packets(ticks: list[Tick], rhythm: Rhythm) -> None:
    measured = rhythm_of(ticks)
    assert measured.fps == pytest.approx(rhythm.fps, rel=0.02)
    assert measured.gop_s == (None if rhythm.gop_s is None else pytest.approx(rhythm.gop_s))


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, Language.CHINESE),
        ({"LANG": "C.UTF-8"}, Language.CHINESE),
        ({"LANG": "zh_CN.UTF-8"}, Language.CHINESE),
        ({"LANG": "en_US.UTF-8"}, Language.ENGLISH),
        ({"LANG": "de_DE.UTF-8"}, Language.ENGLISH),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, Language.ENGLISH),
    ],
)
def test_language_of_a_terminal(environment: dict[str, str], language: Language) -> None:
    assert language_of(environment) is language


def test_values_that_a_sentence_does_not_name_are_ignored() -> None:
    assert Words(zh="甲 {a}", en="a {a}").say(Language.ENGLISH, a=1, b=2) == "a 1"

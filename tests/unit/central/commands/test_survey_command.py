"""`gridwarden central plan-survey` says how many answers are needed, in both languages."""

import json

import pytest
from typer.testing import CliRunner

from central.cli import app


def said(*words: str, language: str) -> tuple[int, str, str]:
    ended = CliRunner(env={"LC_ALL": language}).invoke(app, ["plan-survey", *words])
    return ended.exit_code, ended.stdout.strip(), ended.stderr.strip()


@pytest.mark.parametrize(
    ("language", "needed", "refused"),
    [
        (
            "en_GB.UTF-8",
            "906 answers in each of both surveys, from 80.00% by +5.00 points",
            "both shares lie in 0 to 1",
        ),
        ("zh_CN.UTF-8", "两次调查各需 906 份答卷，比例从 80.00% 变化 +5.00 个百分点", "两个比例都应在 0 到 1 之间"),
    ],
)
def test_a_survey_is_planned(language: str, needed: str, refused: str) -> None:
    assert said("--share", "0.80", language=language) == (0, needed, "")
    code, out, error = said("--share", "0.98", "--change", "0.05", language=language)
    assert (code, out, refused in error) == (2, "", True)
    found = json.loads(said("--share", "0.80", "--json", language=language)[1])
    assert found == {"share": 0.8, "change": 0.05, "answers_each": 906}


def test_the_language_is_chosen() -> None:
    planned = said("--share", "0.80", "--lang", "zh-CN", language="en_GB.UTF-8")
    assert planned[1] == "两次调查各需 906 份答卷，比例从 80.00% 变化 +5.00 个百分点"
    refused = said("--share", "0.98", "--lang", "zh-CN", language="en_GB.UTF-8")
    assert "两个比例都应在 0 到 1 之间" in refused[2]

"""`gridwarden central partner`: added with a secret that is told once, listed, tried again, removed."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from central.cli import app
from tests.support.processes import ENGLISH

URL = "https://police.example/hook?token=s3cret"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "central.yaml"
    file.write_text(f"data_dir: {tmp_path}\nexchange: {{plain_hosts: [bus.local]}}\n")
    return file


def partner(config: Path, *words: str) -> tuple[int, str, str]:
    ended = CliRunner().invoke(app, ["partner", *words, "--config", str(config)], env=ENGLISH)
    return ended.exit_code, ended.stdout, ended.stderr


def test_a_partner_from_beginning_to_end(config: Path) -> None:
    code, told, _ = partner(config, "add", "police-gangu", "--party", "police", "--url", URL, "--wants", "everything")
    (secret,) = re.findall(r"gwh_[\w-]{43}", told)
    assert code == 0
    assert partner(config, "add", "bus", "--party", "other", "--url", "http://bus.local/x")[0] == 0
    code, listed, _ = partner(config, "list")
    assert listed.splitlines()[1].split("\t") == [
        "police-gangu", "police", "everything", "https://police.example:443", "0 waiting, 0 dead",
    ]  # fmt: skip
    assert not any(hidden in listed for hidden in (secret, "s3cret"))
    assert partner(config, "retry", "police-gangu")[1].startswith("0 dead")
    (renewed,) = re.findall(r"gwh_[\w-]{43}", partner(config, "new-secret", "police-gangu")[1])
    assert renewed != secret
    (token,) = re.findall(r"gwp_[\w-]{43}", partner(config, "new-token", "police-gangu")[1])
    assert token not in partner(config, "list")[1]
    assert partner(config, "revoke-token", "police-gangu")[0] == 0
    assert partner(config, "remove", "police-gangu")[0] == 0
    assert len(partner(config, "list")[1].splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "Police", "--party", "police"), "a-z, 0-9 and -"),
        (("add", "p", "--party", "police", "--url", "http://police.example/"), "exchange.plain_hosts"),
        (("add", "p", "--party", "police", "--url", "https://u:s3cret@police.example/"), "no password"),
        (("retry", "nobody"), "no partner called nobody"),
        (("new-secret", "nobody"), "no partner called nobody"),
        (("remove", "nobody"), "no partner called nobody"),
        (("new-token", "nobody"), "no partner called nobody"),
        (("revoke-token", "nobody"), "no partner called nobody"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(words: tuple[str, ...], said: str, config: Path) -> None:
    code, _, told = partner(config, *words)
    assert code == 2
    assert said in told
    assert "s3cret" not in told
    assert "Traceback" not in told


def test_a_name_is_taken_once(config: Path) -> None:
    assert [partner(config, "add", "p", "--party", "other")[0] for _ in range(2)] == [0, 2]

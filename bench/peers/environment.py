"""The peers' own environment, kept in the repository's folder where git ignores it, and what runs there."""

import hashlib
import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / ".venv-peers"
REQUIREMENTS = HERE / "requirements.txt"
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
BUILD_S_MAX, TASK_S_MAX = 1800, 1800


class CannotBuild(Exception):
    """The environment cannot be made; the text says why."""


def built() -> Path:
    """The environment's interpreter; builds it when its packages are not those asked for. Raises `CannotBuild`."""
    python, marker = FOLDER / "bin" / "python", FOLDER / "installed"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if marker.is_file() and marker.read_text(encoding="ascii") == wanted:
        return python
    print(f"building {FOLDER.name} (once, some minutes)", file=sys.stderr, flush=True)
    options = shlex.split(os.environ.get("PIP_ARGS", ""))
    install = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet", *options, "-r", str(REQUIREMENTS)]
    for command in ([sys.executable, "-m", "venv", "--clear", str(FOLDER)], [str(python), *install]):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_S_MAX, check=False)
        except subprocess.TimeoutExpired:
            raise CannotBuild(f"`{shlex.join(command)}` took more than {BUILD_S_MAX} s") from None
        if done.returncode:
            last = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()[-1]
            raise CannotBuild(f"`{shlex.join(command)}` failed: {last}")
    marker.write_text(wanted, encoding="ascii")
    return python


def answer(python: Path, checkout: Path, task: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What a task of `theirs.py` answers."""
    command = [str(python), str(HERE / "theirs.py"), str(checkout), task]
    with tempfile.TemporaryFile("w+") as question:
        json.dump(asked, question)
        question.seek(0)
        done = subprocess.run(
            command,
            stdin=question,
            capture_output=True,
            text=True,
            timeout=TASK_S_MAX,
            env={**os.environ, **ONE_THREAD},
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"theirs.py {task} failed:\n{done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result

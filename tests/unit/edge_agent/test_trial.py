"""A model's file is tried in a process of its own, which may take so much time, hold so much memory, and die."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from edge_agent.cli.failures import UserMistake
from edge_agent.cli.model_commands import _report
from edge_agent.cli.trial import Step, on_trial
from edge_agent.inference.detector import ModelRefused
from edge_agent.inference.model_file import DATA_BYTES_MAX
from edge_agent.supervisor.bonds import PRELOADED
from tests.support.onnx_models import save_graph
from tests.support.sources import REPOSITORY

STEP_S = 3.0
SIDE, ROUNDS = 3_000, 400
"""Half a minute of multiplying for each ten rounds, and some kilobytes of file."""


def folded_for_hours(path: Path) -> Path:
    """A file whose constants the runtime multiplies before it has loaded it."""
    half = helper.make_tensor("half", TensorProto.FLOAT, [1], [0.5 / SIDE])
    nodes = [helper.make_node("ConstantOfShape", ["shape"], ["m0"], value=half)]
    nodes += [helper.make_node("MatMul", [f"m{n}", "m0"], [f"m{n + 1}"]) for n in range(ROUNDS)]
    nodes.append(helper.make_node("ReduceMean", [f"m{ROUNDS}"], ["output0"], axes=[0, 1], keepdims=1))
    graph = helper.make_graph(
        nodes,
        "slow",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, 64, 64])],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.array([SIDE, SIDE], np.int64), "shape")],
    )
    return save_graph(path, graph)


def doubled(number: int, step: Step) -> int:
    step()
    sys.stdout.write("words of a library\n")
    return 2 * number


def mistaken(kind: type[Exception], _: Step) -> None:
    raise kind("so and so")


def dying(number: int, _: Step) -> None:
    os.kill(os.getpid(), number)


def greedy(_: Step) -> int:
    return int(np.ones(DATA_BYTES_MAX + 1, np.uint8)[0])


def test_a_file_whose_constants_take_hours_is_refused(tmp_path: Path) -> None:
    path = folded_for_hours(tmp_path / "m.onnx")
    assert path.stat().st_size < 20_000
    with pytest.raises(ModelRefused, match="takes more than 3 s to load or to look once"):
        on_trial(partial(_report, path, None, None, 0.25), STEP_S)


def test_what_the_work_returns_comes_back_and_its_words_go_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    assert on_trial(partial(doubled, 21)) == 42
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", [UserMistake, ModelRefused])
def test_what_the_work_says_to_the_user_comes_back(kind: type[Exception]) -> None:
    with pytest.raises(kind, match="so and so"):
        on_trial(partial(mistaken, kind))


ENDS: dict[str, tuple[Callable[[Step], object], str]] = {
    "fault": (partial(dying, signal.SIGSEGV), r"the runtime breaks down on it \(SIGSEGV\)"),
    "no memory left": (partial(dying, signal.SIGKILL), "as it does when memory runs out"),
    "too much memory": (greedy, "wants more than 3000 MB of memory"),
}


@pytest.mark.parametrize("case", ENDS)
def test_a_file_that_ends_its_process_is_refused_in_words(case: str, capfd: pytest.CaptureFixture[str]) -> None:
    work, words = ENDS[case]
    with pytest.raises(ModelRefused, match=words):
        on_trial(work)
    assert capfd.readouterr() == ("", "")


FORK = """
from edge_agent.supervisor.bonds import start_fork_server, start_process
process, pipe = start_process(start_fork_server(), "other", print)
process.join()
"""


def test_what_lies_in_the_working_directory_is_not_run(tmp_path: Path) -> None:
    script, folder = tmp_path / "start.py", tmp_path / "downloads"
    folder.mkdir()
    script.write_text(FORK)
    for name in PRELOADED:
        (folder / f"{name.partition('.')[0]}.py").write_text(f"open({str(tmp_path / 'run')!r}, 'w').close()\n")
    ended = subprocess.run(
        [sys.executable, script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not (tmp_path / "run").exists()

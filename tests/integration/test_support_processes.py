"""Programs started by tests end with them, and waiting has a deadline."""

import sys
from pathlib import Path

import pytest

from tests.support.processes import Process, Processes, processes_in
from tests.support.until import until

FOREVER = "import time\nprint('READY', flush=True)\nwhile True: time.sleep(60)"
DEAF = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + FOREVER
PARENT = f"""
import subprocess, sys
for own_group in (False, True):
    subprocess.Popen([sys.executable, "-c", {FOREVER!r}], start_new_session=own_group)
{FOREVER}
"""
PARENT_AND_CHILDREN = 3


def start(start_process: Processes, code: str) -> Process:
    process = start_process(sys.executable, "-c", code)
    process.wait_for("READY")
    return process


def test_output_and_exit_code_are_kept(start_process: Processes) -> None:
    code = "import os, sys; print(os.environ['WORD']); print('why', file=sys.stderr); sys.exit(3)"
    process = start_process(sys.executable, "-c", code, env={"WORD": "spoken"})
    assert process.wait() == 3
    assert (process.out, process.err) == ("spoken\n", "why\n")


def test_a_text_that_never_comes_fails_at_once_when_the_program_has_ended(start_process: Processes) -> None:
    process = start_process(sys.executable, "-c", "print('something else')")
    with pytest.raises(AssertionError, match="something else"):
        process.wait_for("READY", within_s=60)


def test_stop_is_polite_first(start_process: Processes) -> None:
    assert start(start_process, FOREVER).stop() == -15


def test_stop_ends_a_deaf_one_by_force(start_process: Processes) -> None:
    assert start(start_process, DEAF).stop(within_s=0.2) == -9


def test_stop_ends_a_frozen_one(start_process: Processes) -> None:
    process = start(start_process, FOREVER)
    process.freeze()
    assert process.stop() == -15


def test_descendants_are_seen_after_a_kill_and_ended_by_stop(start_process: Processes) -> None:
    process = start(start_process, PARENT)
    until(lambda: len(process.survivors()) == PARENT_AND_CHILDREN, what="both children")
    process.kill()
    assert len(process.survivors()) == PARENT_AND_CHILDREN - 1
    process.stop()
    until(lambda: not process.survivors(), what="the end of the children")


def test_leaving_the_block_stops_everything(tmp_path: Path) -> None:
    with processes_in(tmp_path / "out") as processes:
        process = start(processes, FOREVER)
    assert not process.running()


def test_until_returns_what_it_found() -> None:
    found = iter([None, 0, "", "here"])
    assert until(lambda: next(found), every_s=0) == "here"


def test_until_names_what_did_not_happen() -> None:
    with pytest.raises(AssertionError, match="the moon"):
        until(lambda: False, within_s=0, what="the moon")

"""A box whose folder or connection somebody broke: one sentence and exit 2, or an agent that stays and says so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.edge_box import EdgeBox
from tests.support.processes import Processes
from tests.support.until import until

CLOSED_PORT = 1
BROKEN: dict[str, Callable[[Path], object]] = {
    "store is a folder": lambda data: (data / "outbox.db").mkdir(parents=True),
    "evidence is a file": lambda data: data.mkdir() or (data / "evidence").write_text("x"),
    "data is a file": lambda data: data.write_text("x"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_data_folder_that_cannot_be_used_ends_with_2_and_a_sentence(
    tmp_path: Path, start_process: Processes, case: str
) -> None:
    box = EdgeBox(tmp_path / "box", start_process, CLOSED_PORT)
    BROKEN[case](box.data_dir)
    agent = box.start()
    assert agent.wait(within_s=40) == 2
    assert f"{box.data_dir}: cannot be used as `data_dir`: " in agent.err
    assert "Traceback" not in agent.err


def test_a_name_of_the_broker_that_nobody_can_look_up_is_told_and_tried_again(
    tmp_path: Path, start_process: Processes
) -> None:
    box = EdgeBox(tmp_path / "box", start_process, CLOSED_PORT)
    path = box.folder / "connection.yaml"
    path.write_text(path.read_text().replace("mqtt_host: 127.0.0.1", f"mqtt_host: {'a' * 250}"))
    agent = box.start()
    until(lambda: agent.err.count('"event": "not_connected"') >= 2, within_s=40, what=agent.report)
    assert "UnicodeError" in agent.err
    assert agent.stop() == 0

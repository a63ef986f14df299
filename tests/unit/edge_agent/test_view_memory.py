"""The learned view over restarts."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from edge_agent.core.picture_health import Reference
from edge_agent.core.picture_health.look import COLUMNS, HEIGHT_PX, ROWS, WIDTH_PX
from edge_agent.core.picture_health.reference import Light
from edge_agent.video.view_memory import ViewMemory
from protocol.configuration import CameraConfig


def camera(**more: object) -> CameraConfig:
    return CameraConfig.model_validate({"id": "c1", "url": "rtsp://127.0.0.1/x", **more})


def light(seed: int) -> Light:
    rng = np.random.default_rng(seed)
    cells = [rng.random((ROWS, COLUMNS), np.float32) for _ in range(3)]
    chroma = rng.random((2, ROWS, COLUMNS), np.float32)
    return Light(rng.random((HEIGHT_PX, WIDTH_PX), np.float32), *cells, chroma, looks=60 + seed, used=seed)


VIEW = Reference((light(1), light(2)), looks=400)


def test_what_was_kept_is_recalled(tmp_path: Path) -> None:
    ViewMemory(tmp_path, camera()).keep(VIEW)
    found = ViewMemory(tmp_path, camera()).recall()
    assert (found.looks, found.is_learned) == (400, True)
    for kept, again in zip(VIEW.lights, found.lights, strict=True):
        assert (kept.looks, kept.used) == (again.looks, again.used)
        np.testing.assert_array_equal(kept.contrast, again.contrast)
        np.testing.assert_array_equal(kept.chroma, again.chroma)
    assert len(list(tmp_path.iterdir())) == 1
    assert next(tmp_path.iterdir()).stat().st_size < 120_000


@pytest.mark.parametrize(
    "change",
    [
        {"health": {"view": 2}},
        {"privacy_masks": [[[0, 0], [1, 0], [1, 0.1]]]},
        {"zones": [{"id": "z", "polygon": [[0, 0], [1, 0], [1, 1]]}]},
    ],
)
def test_a_view_that_was_changed_on_purpose_is_learned_anew(tmp_path: Path, change: dict[str, object]) -> None:
    ViewMemory(tmp_path, camera()).keep(VIEW)
    memory = ViewMemory(tmp_path, camera(**change))
    assert memory.recall() == Reference()
    memory.keep(VIEW)
    assert ViewMemory(tmp_path, camera()).recall() == Reference(), "the old one is gone"


@given(st.data())
def test_bytes_that_the_disk_lost_count_as_no_view(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    memory = ViewMemory(folder := tmp_path_factory.mktemp("view"), camera())
    memory.keep(VIEW)
    (path,) = folder.iterdir()
    content = bytearray(path.read_bytes())
    heads = [at for at in range(len(content)) if bytes(content[at : at + 2]) in {b"PK", b"\x93N"}]
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.sampled_from(heads)) + data.draw(st.integers(0, 80))
        content[at % len(content)] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    assert isinstance(memory.recall(), Reference)


@pytest.mark.parametrize("looks", [[1, 2], np.inf, "many"])
def test_a_view_of_other_numbers_counts_as_none(tmp_path: Path, looks: object) -> None:
    memory = ViewMemory(tmp_path, camera())
    memory.keep(VIEW)
    (path,) = tmp_path.iterdir()
    with np.load(path) as kept:
        np.savez(path, allow_pickle=False, **{**kept, "all_looks": np.array(looks)})
    with capture_logs() as logs:
        assert memory.recall() == Reference()
    assert [one["event"] for one in logs] == ["view_not_recalled"]


@pytest.mark.parametrize("damage", [b"", b"no file of ours", None])
def test_a_damaged_file_counts_as_none(tmp_path: Path, damage: bytes | None) -> None:
    memory = ViewMemory(tmp_path, camera())
    memory.keep(VIEW)
    path = next(tmp_path.iterdir())
    path.write_bytes(path.read_bytes()[:-200] if damage is None else damage)
    assert memory.recall() == Reference()


def test_a_view_of_another_release_counts_as_none(tmp_path: Path) -> None:
    memory = ViewMemory(tmp_path, camera())
    memory.keep(VIEW)
    path = next(tmp_path.iterdir())
    with np.load(path) as kept:
        columns = dict(kept)
    np.savez(path, **(columns | {"contrast": np.zeros((2, 10, 10), np.float32)}))
    assert memory.recall() == Reference()
    np.savez(path, **(columns | {"detail": np.full((2, ROWS, COLUMNS), np.nan, np.float32)}))
    assert memory.recall() == Reference()

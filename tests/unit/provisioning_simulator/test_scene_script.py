"""Scene scripts: built-in ones fit together, files are checked and mistakes are placed."""

from itertools import pairwise
from pathlib import Path

import pytest

from provisioning.simulator.video import script as script_module
from provisioning.simulator.video.scenes import SCENES
from provisioning.simulator.video.script import Episode, Kind, Place, ScriptProblem, Weather, load_script

GOOD = """\
length_s: 60
walkers: 2
weather: rain
episodes:
  - {kind: rubbish, start_s: 20, end_s: 50, place: [0.5, 0.5]}
  - {kind: stall, start_s: 5, end_s: 30, place: [0.2, 0.6]}
  - kind: black
    start_s: 40
    end_s: 45
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "market.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_becomes_a_script_in_order_of_time(tmp_path: Path) -> None:
    script = load_script(written(tmp_path, GOOD))
    assert (script.name, script.length_s, script.walkers, script.cars) == ("market", 60.0, 2, 1)
    assert script.weather is Weather.RAIN
    assert [e.kind for e in script.episodes] == [Kind.STALL, Kind.RUBBISH, Kind.BLACK]
    assert script.episodes[0] == Episode(Kind.STALL, 5.0, 30.0, Place(0.2, 0.6))


def test_the_example_of_the_docstring_is_a_script(tmp_path: Path) -> None:
    lines = str(script_module.__doc__).splitlines()
    example = "\n".join(line[4:] for line in lines if line.startswith("    "))
    assert [e.kind for e in load_script(written(tmp_path, example)).episodes] == [Kind.STALL, Kind.BIKES, Kind.FROZEN]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: rubbish", "kind: elephant", "line 5, episodes.0.kind: Input should be 'stall'"),
        ("end_s: 50", "end_s: 10", "line 5, episodes.0: Value error, end_s must come after start_s"),
        ("[0.2, 0.6]", "[1.2, 0.6]", "line 6, episodes.1.place.0: Input should be less than or equal to 1"),
        (", place: [0.5, 0.5]", "", "line 5, episodes.0: Value error, rubbish needs a place"),
        ("    end_s: 45", "    end_s: 45\n    place: [0, 0]", "black is a fault of the camera and has no place"),
        (
            "kind: rubbish",
            "kind: cloud",
            "cloud concerns the whole picture and has no place",
        ),
        ("    end_s: 45", "    end_s: 90", "an episode ends at 90 s, after length_s (60 s)"),
        ("walkers: 2", "walkres: 2", "line 2, walkres: Extra inputs are not permitted"),
        ("walkers: 2", "walkers: 2\nwalkers: 3", "line 3"),
        ("length_s: 60", "length_s: [", "line"),
    ],
)
def test_a_mistake_names_file_line_and_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(ScriptProblem) as problem:
        load_script(path)
    assert str(problem.value).startswith(str(path))
    assert said in str(problem.value)


@pytest.mark.parametrize("text", ["", "- 1\n", "just words\n"])
def test_a_file_that_is_no_script_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ScriptProblem):
        load_script(written(tmp_path, text))


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ScriptProblem, match=r"scene\.yaml"):
        load_script(path)


@pytest.mark.parametrize("name", SCENES)
def test_a_built_in_scene_fits(name: str) -> None:
    script = SCENES[name]()
    assert script.name == name
    assert all(0 <= e.start_s < e.end_s <= script.length_s for e in script.episodes)
    assert all(e.kind.has_place == (e.place is not None) for e in script.episodes)
    assert [e.start_s for e in script.episodes] == sorted(e.start_s for e in script.episodes)


def test_quiet_is_quiet_and_busy_is_busy() -> None:
    assert not SCENES["quiet"]().episodes
    busy = SCENES["busy"]().episodes
    assert all(e.end_s - e.start_s >= 6 for e in busy)
    starts_in_40_s = [sum(begin <= e.start_s < begin + 40 for e in busy) for begin in range(0, 800, 10)]
    assert min(starts_in_40_s) >= 9


def test_a_place_of_busy_is_empty_before_it_is_taken_again() -> None:
    places: dict[Place, list[Episode]] = {}
    for episode in SCENES["busy"]().episodes:
        assert episode.place is not None
        places.setdefault(episode.place, []).append(episode)
    assert len(places) == 4
    assert all(after.start_s - before.end_s >= 6 for visits in places.values() for before, after in pairwise(visits))


def test_a_fault_holds_from_its_start_until_just_before_its_end() -> None:
    script = SCENES["faults"]()
    fault = script.episodes[0]
    assert script.fault_at(fault.start_s) == fault
    assert script.fault_at(fault.end_s) is None
    assert script.fault_at(fault.start_s - 0.1) is None

"""Training: targets where objects are, a loss that knows right from wrong, and the same weights from the same seed."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install 'gridwarden[train]'")

import torch

from provisioning.detector.batches import batches, letterboxed, mirrored, zoomed
from provisioning.detector.lessons import WIDE_BAR_PX
from provisioning.detector.loss import CLASS_BOX_WEIGHTS, box_loss, heat_loss, make_targets
from provisioning.detector.network import RowOne, StreetDetector, cell_centres, corners
from provisioning.detector.start import TrainingRefused, start_from
from provisioning.detector.training import BATCH, Plan, Training, pictures_to_input, rate_share
from provisioning.simulator.pictures import CLASSES, HEIGHT, WIDTH, Sample, sample

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROWS, COLUMNS = 32, 52
LABEL: "NDArray[np.float32]" = np.array([[1, 100, 80, 180, 160], [0, 300, 100, 316, 140]], np.float32)


def test_the_heat_is_one_at_each_centre_and_falls_off() -> None:
    targets = make_targets([LABEL], len(CLASSES), ROWS, COLUMNS)
    assert targets.heat[0, 1, 15, 17] == targets.heat[0, 0, 15, 38] == 1
    assert int((targets.heat == 1).sum()) == 2
    assert 0 < targets.heat[0, 1, 15, 18] < 1
    assert targets.boxes[0, :, 15, 17].tolist() == [100, 80, 180, 160]


def test_a_cell_that_two_objects_want_goes_to_the_smaller() -> None:
    nested = np.array([[1, 100, 80, 180, 160], [0, 132, 112, 148, 136]], np.float32)
    targets = make_targets([nested], len(CLASSES), ROWS, COLUMNS)
    assert targets.boxes[0, :, 15, 17].tolist() == [132, 112, 148, 136]


def test_the_right_answer_costs_least() -> None:
    targets = make_targets([LABEL], len(CLASSES), ROWS, COLUMNS)
    x, y = cell_centres(ROWS, COLUMNS)
    sides = torch.stack(
        [x - targets.boxes[:, 0], y - targets.boxes[:, 1], targets.boxes[:, 2] - x, targets.boxes[:, 3] - y], 1
    )
    right = torch.where(targets.heat == 1, 12.0, -12.0)
    assert torch.allclose(corners(sides), targets.boxes)
    assert box_loss(sides, targets) < 0.01
    assert box_loss(sides + 20, targets) > 0.3
    assert heat_loss(right, targets.heat) < heat_loss(torch.zeros_like(right), targets.heat) / 10


def test_mirroring_twice_changes_nothing() -> None:
    one = sample(14)
    twice = mirrored(mirrored(one))
    assert np.array_equal(twice.image, one.image)
    assert np.allclose(twice.boxes, one.boxes)


def test_zoomed_boxes_stay_on_their_objects() -> None:
    one = Sample(np.zeros((HEIGHT, WIDTH, 3), np.uint8), np.array([[0, 100, 100, 120, 140]], np.float32))
    one.image[100:140, 100:120] = 255
    moved = zoomed(one, 1.5, (-60.0, -50.0))
    rows, columns = np.nonzero(moved.image[..., 0] > 128)
    box = moved.boxes[0, 1:]
    assert np.abs(box - [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]).max() <= 1.5
    assert zoomed(one, 1.5, (-400.0, 0.0)).boxes.shape == (0, 5)


def test_a_letterbox_has_bars_and_no_box_in_them() -> None:
    boxed = letterboxed(sample(14))
    assert (boxed.image[:WIDE_BAR_PX] == 114).all()
    assert (boxed.image[-WIDE_BAR_PX:] == 114).all()
    assert (boxed.boxes[:, 2] >= WIDE_BAR_PX).all()


def test_batches_are_the_same_for_the_same_seed() -> None:
    first, again, other = (batches(seed, seed * 100, 4) for seed in (0, 0, 1))
    for _ in range(3):
        one, two, three = next(first), next(again), next(other)
        assert all(np.array_equal(a.image, b.image) for a, b in zip(one, two, strict=True))
        assert not all(np.array_equal(a.image, b.image) for a, b in zip(one, three, strict=True))


def test_the_rate_warms_up_and_cools_down() -> None:
    rates = [rate_share(step, 1000) for step in (1, 80, 500, 1000)]
    assert rates[0] < rates[2] < rates[1] <= 1.01
    assert rates[3] < 1 / 50


def test_the_same_seed_trains_the_same_weights() -> None:
    def trained(seed: int) -> list[torch.Tensor]:
        training = Training(Plan(2, seed))
        steps = list(training)
        assert [one.step for one in steps] == [1, 2]
        return list(training.averaged().state_dict().values())

    first, again, other = trained(0), trained(0), trained(1)
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(torch.equal(a, b) for a, b in zip(first, other, strict=True))


def test_a_training_taken_up_again_ends_with_the_same_weights(tmp_path: Path) -> None:
    whole = Training(Plan(3, 0))
    for progress in whole:
        if progress.step == 2:
            whole.save(tmp_path / "training.pt")
    resumed = Training(Plan(3, 0))
    resumed.load(tmp_path / "training.pt")
    assert [one.step for one in resumed] == [3]
    ends = whole.averaged().state_dict(), resumed.averaged().state_dict()
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])


def test_a_checkpoint_of_another_plan_is_refused(tmp_path: Path) -> None:
    Training(Plan(3, 0)).save(tmp_path / "training.pt")
    (tmp_path / "noise.pt").write_bytes(b"no checkpoint")
    for file, words in (("training.pt", "steps 3, seed 0"), ("noise.pt", "is no checkpoint")):
        with pytest.raises(TrainingRefused, match=words):
            Training(Plan(4, 0)).load(tmp_path / file)


def test_ragged_classes_weigh_more_in_the_box_loss() -> None:
    same = (100.0, 80.0, 180.0, 160.0)
    car, rubbish = (make_targets([np.array([[kind, *same]], np.float32)], 6, ROWS, COLUMNS).weight for kind in (3, 4))
    assert torch.allclose(rubbish, car * CLASS_BOX_WEIGHTS[4] / CLASS_BOX_WEIGHTS[3])
    assert rubbish.sum() > car.sum()


def test_a_training_goes_on_from_an_exported_model_with_the_same_answers(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="onnx is not installed: pip install 'gridwarden[train]'")
    from provisioning.detector.export import export  # noqa: PLC0415 - needs what was just asked for

    pictures = pictures_to_input([sample(seed) for seed in range(4)])
    torch.manual_seed(3)
    first = StreetDetector(len(CLASSES))
    first.train()(pictures)
    export(first.eval(), tmp_path / "model.onnx")
    again = StreetDetector(len(CLASSES))
    start_from(again, tmp_path / "model.onnx", pictures)
    with torch.no_grad():
        for one, other in zip(first(pictures), again.eval()(pictures), strict=True):
            assert torch.allclose(one, other, atol=1e-3)


def test_a_file_that_is_no_street_model_is_no_start(tmp_path: Path) -> None:
    (tmp_path / "noise.onnx").write_bytes(b"\xff\xff no model")
    for file in ("noise.onnx", "absent.onnx"):
        with pytest.raises(TrainingRefused, match="--start takes"):
            start_from(StreetDetector(len(CLASSES)), tmp_path / file, torch.zeros(1, 3, HEIGHT, WIDTH))


def test_the_exported_file_answers_as_the_network_does(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="onnx is not installed: pip install 'gridwarden[train]'")
    from provisioning.detector.card import open_model  # noqa: PLC0415 - needs what was just asked for
    from provisioning.detector.export import export  # noqa: PLC0415 - as above

    torch.manual_seed(3)
    network = StreetDetector(len(CLASSES)).eval()
    export(network, tmp_path / "model.onnx")
    picture = torch.rand(1, 3, HEIGHT, WIDTH)
    with torch.no_grad():
        expected = RowOne(network)(picture).numpy()
    answered = open_model(tmp_path / "model.onnx")(picture.numpy())
    assert answered.shape == (1, 4 + len(CLASSES), ROWS * COLUMNS)
    assert np.allclose(answered[:, :4], expected[:, :4], atol=1e-3)
    peaks = (answered[:, 4:] > 0) & (expected[:, 4:] > 0)  # equal neighbours may swap who is the peak
    assert peaks.sum() > 0.9 * (expected[:, 4:] > 0).sum()
    assert np.allclose(answered[:, 4:][peaks], expected[:, 4:][peaks], atol=1e-3)


def test_a_batch_is_as_large_as_the_plan_says() -> None:
    assert len(next(batches(0, 0, BATCH))) == BATCH

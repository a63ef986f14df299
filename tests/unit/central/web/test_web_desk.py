"""What all seats show alike: figures count everything, lists say when they are cut."""

from pathlib import Path

import pytest

from central.web.seat.desk import Desk
from central.web.seat.pieces import figure
from protocol.messages import CameraReason, CameraState
from tests.support.office import office, settings_in


def test_cameras_are_counted_beyond_those_that_are_shown(tmp_path: Path) -> None:
    with office(settings_in(tmp_path)) as opened:
        opened.staff()
        opened.born(cameras=5)
        opened.camera_goes("cam-5", CameraState.OFFLINE, CameraReason.REFUSED)
        overview = Desk(opened.services, opened.clock, cameras_max=3).overview()
    assert [camera.camera for camera in overview.cameras] == ["cam-5", "cam-1", "cam-2"]
    assert (overview.cameras_online, overview.cameras_total) == (4, 5)
    assert (len(overview.alerts), overview.has_more_alerts) == (1, False)


@pytest.mark.parametrize(("has_more", "text"), [(True, "50+"), (False, "50")])
def test_a_cut_list_is_not_counted_as_whole(*, has_more: bool, text: str) -> None:
    assert figure(50, has_more=has_more) == text

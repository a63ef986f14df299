"""Opens and closes alerts, and writes their notices beside them, inside one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from central.core.alerting.alerts import Alert, AlertDecision, ClearAlert, Keep, RaiseAlert, box_alert, camera_alert
from central.core.alerting.notices import Notice
from central.core.fleet.devices import Box, Camera
from central.core.values import AlertKind, AlertState, BoxOfflineReason, NoticeKind, NoticeState, derived_id
from central.stores.ports import Unit


class AlarmDesk:
    """Load once, decide as often as something changes, flush once."""

    def __init__(self, unit: Unit, now: datetime) -> None:
        self._unit = unit
        self._now = now
        self._open: dict[str, Alert] = {}
        self._new: dict[str, Alert] = {}
        self._cleared: dict[str, Alert] = {}
        self._notices: list[Notice] = []

    @property
    def raised(self) -> int:
        """How many alerts were raised so far."""
        return len(self._new)

    def load(self, subjects: Sequence[str]) -> None:
        """Fetch the open alerts of these cameras and boxes."""
        self._open = {alert.subject: alert for alert in self._unit.alerts.open_of(subjects)}

    def camera(self, camera: Camera, cause: str) -> None:
        """Look at a camera that may have changed; `cause` is the id of what told so."""
        decision = camera_alert(camera.state, self._open.get(camera.key))
        alert = Alert(
            id=derived_id("alert", AlertKind.CAMERA_OFFLINE, camera.key, cause),
            kind=AlertKind.CAMERA_OFFLINE,
            subject=camera.key,
            box=camera.box,
            camera=camera.key,
            reason=str(camera.reason or ""),
            since=camera.since,
            raised_at=self._now,
        )
        self._obey(decision, alert, _camera_words(camera))

    def box(self, box: Box, reason: BoxOfflineReason | None, cause: str) -> None:
        """Look at a box that may have changed."""
        decision = box_alert(box.state, self._open.get(box.id))
        alert = Alert(
            id=derived_id("alert", AlertKind.BOX_OFFLINE, box.id, cause),
            kind=AlertKind.BOX_OFFLINE,
            subject=box.id,
            box=box.id,
            camera=None,
            reason=str(reason or ""),
            since=box.since,
            raised_at=self._now,
        )
        self._obey(decision, alert, {"id": box.id, "site": box.site})

    def forget(self, subject: str) -> None:
        """Close the alert of something that is no longer there, without a word to anybody."""
        opened = self._open.pop(subject, None)
        if opened is not None:
            self._put_cleared(opened)

    def flush(self) -> None:
        """Write everything."""
        self._unit.alerts.add(list(self._new.values()))
        self._unit.alerts.save(list(self._cleared.values()))
        self._unit.notices.add(self._notices)

    def _obey(self, decision: AlertDecision, alert: Alert, words: dict[str, str]) -> None:
        match decision:
            case RaiseAlert():
                self._open[alert.subject] = self._new[alert.id] = alert
                self._tell(alert, NoticeKind.PROBLEM, words)
            case ClearAlert(alert=opened):
                del self._open[opened.subject]
                self._put_cleared(opened)
                self._tell(opened, NoticeKind.RECOVERY, words | {"until": self._now.isoformat()})
            case Keep():
                pass

    def _put_cleared(self, opened: Alert) -> None:
        cleared = replace(opened, state=AlertState.CLEARED, cleared_at=self._now)
        known = self._new if opened.id in self._new else self._cleared
        known[opened.id] = cleared

    def _tell(self, alert: Alert, kind: NoticeKind, words: dict[str, str]) -> None:
        self._notices.append(
            Notice(
                id=derived_id("notice", alert.id, kind),
                alert=alert.id,
                kind=kind,
                state=NoticeState.DROPPED if self._is_untold(alert, kind) else NoticeState.PENDING,
                created_at=self._now,
                next_attempt_at=self._now,
                values=words | {"reason": alert.reason, "since": alert.since.isoformat()},
            )
        )

    def _is_untold(self, alert: Alert, kind: NoticeKind) -> bool:
        """Whether this is the end of a story whose beginning failed for good."""
        if kind is not NoticeKind.RECOVERY:
            return False
        return any(known.state is NoticeState.FAILED for known in self._unit.notices.of_alerts([alert.id]))


def _camera_words(camera: Camera) -> dict[str, str]:
    return {
        "id": camera.key,
        "site": camera.site,
        "name": camera.name,
        "place": camera.place,
        "picture": camera.last_picture or "",
    }

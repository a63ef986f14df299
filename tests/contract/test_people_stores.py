"""Alerts, notices, access and joining are kept as given, on every database."""

from dataclasses import replace

from central.core.alerting.alerts import Alert
from central.core.alerting.notices import Notice
from central.core.values import AlertKind, AlertState, NoticeKind, NoticeState
from central.stores.ports import JoinCodeRecord, Stores
from tests.support.central_stores import OPERATOR
from tests.support.speaking_box import later
from tests.support.store_contents import rows
from tests.support.store_samples import ALL

ALERT = Alert("alert-1", AlertKind.BOX_OFFLINE, "b1", "b1", None, "silent", later(0), later(45))
NOTICE = Notice("n1", "alert-1", NoticeKind.PROBLEM, NoticeState.PENDING, later(45), later(45), values={"id": "b1"})


def test_old_notices_go_when_their_story_is_over(stocked: Stores) -> None:
    def story(name: str, cleared_s: float | None, *states: NoticeState) -> None:
        state = AlertState.OPEN if cleared_s is None else AlertState.CLEARED
        cleared_at = None if cleared_s is None else later(cleared_s)
        with stocked.writing() as unit:
            unit.alerts.add([replace(ALERT, id=name, state=state, cleared_at=cleared_at)])
            unit.notices.add([replace(NOTICE, id=f"{name}{n}", alert=name, state=one) for n, one in enumerate(states)])

    story("over", 60, NoticeState.DELIVERED, NoticeState.DELIVERED)
    story("failed", 60, NoticeState.FAILED, NoticeState.DROPPED)
    story("open", None, NoticeState.DELIVERED)
    story("waiting", 60, NoticeState.DELIVERED, NoticeState.PENDING)
    story("fresh", 500, NoticeState.DELIVERED)
    with stocked.writing() as unit:
        assert unit.notices.drop_old(later(45), 10) == 0
        assert [unit.notices.drop_old(later(100), 3) for _ in range(3)] == [3, 1, 0]
    assert [row["id"] for row in rows(stocked, "notices")] == ["open0", "waiting0", "waiting1", "fresh0"]


def test_alerts_and_notices(stocked: Stores) -> None:
    recovery = replace(NOTICE, id="n2", kind=NoticeKind.RECOVERY)
    with stocked.writing() as unit:
        unit.alerts.add([ALERT])
        unit.notices.add([NOTICE, recovery])
    with stocked.writing() as unit:
        assert unit.alerts.open_of(["b1", "b2"]) == [ALERT]
        assert unit.alerts.get(["alert-1", "no"]) == [ALERT]
        assert unit.notices.due(later(44), 10) == []
        assert unit.notices.due(later(45), 10) == [NOTICE]
        assert unit.notices.of_alerts(["alert-1"]) == [NOTICE, recovery]
        unit.notices.save([replace(NOTICE, state=NoticeState.DELIVERED, delivered_at=later(50))])
        assert unit.notices.due(later(45), 10) == [recovery]
        assert unit.notices.get("n2") == recovery
        assert unit.notices.get("n9") is None
        cleared = replace(ALERT, state=AlertState.CLEARED, cleared_at=later(60))
        unit.alerts.save([cleared])
        assert unit.alerts.open_of(["b1"]) == []
        assert unit.alerts.find(AlertState.CLEARED, ALL).items == unit.alerts.find(None, ALL).items == (cleared,)


def test_access_and_joining(stocked: Stores) -> None:
    code = JoinCodeRecord("hash-1", "b1", "zhao", later(100))
    with stocked.writing() as unit:
        unit.access.add_actor(OPERATOR, "token-hash", later(0))
        assert unit.access.actor_by_token("token-hash") == unit.access.actor("wang") == OPERATOR
        assert unit.access.actor_by_token("other") is unit.access.actor("other") is None
        unit.joining.set_join_code(replace(code, code_hash="hash-0"))
        unit.joining.set_join_code(code)
        assert unit.joining.join_code("hash-0") is None
        unit.joining.use_join_code("hash-1", later(5))
        assert unit.joining.join_code("hash-1") == replace(code, used_at=later(5))
        for second in range(3):
            unit.joining.add_guess("peer", later(second), later(-100))
        assert unit.joining.guesses("peer", later(1)) == 2
        unit.joining.add_guess("other", later(9), later(2))
        assert (unit.joining.guesses("peer", later(0)), unit.joining.guesses("other", later(0))) == (1, 1)
        unit.joining.set_secret("b1", "first", later(0))
        unit.joining.set_secret("b1", "second", later(1))
        (credential,) = unit.joining.credentials("b1")
        assert (credential.site, credential.password_hash) == ("s1", "second")
        assert unit.joining.credentials("b2") == []

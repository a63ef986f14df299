"""What the broker promises about messages: wills, sessions, retained states, order."""

from central.gateway.broker.limits import INFLIGHT_MAX
from protocol import topics
from protocol.topics import Up
from tests.support.embedded_broker import SWEEP_S, EmbeddedBroker, event, nothing_came, silent_client
from tests.support.mqtt_talker import Talker
from tests.support.processes import Processes
from tests.support.until import until


def test_the_will_of_a_silent_client_is_told(broker: EmbeddedBroker, central: Talker, start_process: Processes) -> None:
    keepalive_s = 2
    silent = silent_client(broker, start_process, "b1", keepalive_s, topics.up("s1", "b1", Up.STATE))
    silent.freeze()
    central.wait_for(b"gone", within_s=1.5 * keepalive_s + SWEEP_S)


def test_a_will_says_only_what_its_owner_may_say(broker: EmbeddedBroker, central: Talker) -> None:
    secret = broker.let_in("b1")
    with broker.box("b2", broker.let_in("b2")) as witness:
        for topic in (event("b2"), topics.up("s1", "b1", Up.STATE)):
            broker.box("b1", secret, will=(topic, topic.encode())).vanish()
        central.wait_for(topics.up("s1", "b1", Up.STATE).encode())
        witness.say(event("b2"), b"sentinel")
        central.wait_for(b"sentinel")
        assert event("b2").encode() not in central.payloads


def test_a_goodbye_keeps_the_will_untold(broker: EmbeddedBroker, central: Talker) -> None:
    secret = broker.let_in("b1")
    broker.box("b1", secret, will=(event("b1"), b"gone")).close()
    with broker.box("b1", secret) as again:
        nothing_came(central, again, event("b1"))


def test_messages_wait_for_a_persistent_session_and_come_without_the_retain_flag(broker: EmbeddedBroker) -> None:
    with broker.central(clean=False) as central:
        central.subscribe(topics.up_all())
    with broker.box("b1", broker.let_in("b1")) as box:
        for number in range(50):
            box.say(event("b1"), b"%d" % number)
    with broker.central(clean=False) as central:
        central.wait_for(b"49")
        assert central.payloads == [b"%d" % number for number in range(50)]
        assert not any(message.retain for message in central.inbox)


def test_unacknowledged_messages_come_again_and_the_window_is_kept(broker: EmbeddedBroker) -> None:
    central = broker.central(clean=False, manual=True)
    central.subscribe(topics.up_all())
    with broker.box("b1", broker.let_in("b1")) as box:
        for number in range(INFLIGHT_MAX + 50):
            box.client.publish(event("b1"), b"%d" % number, 1)
        box.say(event("b1"), b"last")
    until(lambda: len(central.inbox) >= INFLIGHT_MAX, what="a full window")
    assert len(central.inbox) == INFLIGHT_MAX
    for message in central.inbox[:10]:
        central.client.ack(message.mid, 1)
    central.wait_for(b"%d" % (INFLIGHT_MAX + 9))
    # The broker answers after it has read all acknowledgements; without that some can be lost with the connection.
    central.subscribe(topics.up_all())
    central.vanish()
    with broker.central(clean=False) as again:
        again.wait_for(b"last")
        assert again.payloads[0] == b"10"
        assert len(again.inbox) == INFLIGHT_MAX + 50 + 1 - 10
        assert again.inbox[0].dup


def test_state_is_retained_for_who_comes_later(broker: EmbeddedBroker) -> None:
    with broker.box("b1", broker.let_in("b1")) as box:
        box.say(topics.up("s1", "b1", Up.STATE), b"online", retain=True)
        with broker.central() as central:
            central.subscribe(topics.up_all())
            assert central.wait_for(b"online").retain
        box.say(topics.up("s1", "b1", Up.STATE), b"", retain=True)
        with broker.central() as central:
            central.subscribe(topics.up_all())
            nothing_came(central, box, event("b1"))


def test_quality_of_service_is_the_lower_of_both(broker: EmbeddedBroker, central: Talker) -> None:
    with broker.box("b1", broker.let_in("b1")) as box:
        box.say(topics.up("s1", "b1", Up.HEARTBEAT), b"beat", qos=0)
        box.say(event("b1"), b"event", qos=1)
    assert central.wait_for(b"beat").qos == 0
    assert central.wait_for(b"event").qos == 1


def test_a_newer_connection_of_the_same_box_ends_the_older(broker: EmbeddedBroker, central: Talker) -> None:
    secret = broker.let_in("b1")
    for clean in (True, False):
        older = broker.box("b1", secret, clean=clean)
        newer = broker.box("b1", secret, clean=clean)
        assert older.disconnected.wait(5)
        newer.say(event("b1"), b"%d" % clean)
        central.wait_for(b"%d" % clean)
        newer.close()
        older.close()

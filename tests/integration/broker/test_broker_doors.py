"""Who comes in to the broker, and what each may say and hear."""

from protocol import topics
from tests.support.embedded_broker import EmbeddedBroker, ack, event, nothing_came
from tests.support.mqtt_talker import Talker


def test_only_known_users_with_their_password_come_in(broker: EmbeddedBroker) -> None:
    secret = broker.let_in("b1")
    broker.box("b1", secret).close()
    for user, password in [("b1", "wrong"), ("b2", secret), ("b1", ""), ("central", secret), (None, None)]:
        with Talker(broker.port, user, password) as stranger:
            assert not stranger.welcome, user
    with broker.central() as central:
        assert central.welcome


def test_a_box_let_in_while_others_talk_comes_in_and_a_revoked_one_does_not(
    broker: EmbeddedBroker, central: Talker
) -> None:
    first = broker.box("b1", broker.let_in("b1"))
    second_secret = broker.let_in("b2")
    second = broker.box("b2", second_secret)
    for box, talker in (("b1", first), ("b2", second)):
        talker.say(event(box), box.encode())
        central.wait_for(box.encode())
    broker.let_out("b2")
    assert second.disconnected.wait(10)
    assert not Talker(broker.port, "b2", second_secret).welcome
    first.say(event("b1"), b"still here")
    central.wait_for(b"still here")
    for talker in (first, second):
        talker.close()


def test_a_box_writes_only_what_is_its_own(broker: EmbeddedBroker, central: Talker) -> None:
    with broker.box("b1", broker.let_in("b1")) as box, broker.box("b2", broker.let_in("b2")) as other:
        other.subscribe(ack("b2"))
        foreign = [event("b2"), event("b1", "s2"), ack("b1"), ack("b2"), topics.central_state("s1"), "x/y", "gw/v1"]
        for topic in foreign:
            box.say(topic, b"not mine")
            box.say(topic, b"not mine", qos=0, retain=True)
        nothing_came(central, box, event("b1"))
        nothing_came(other, central, ack("b2"))


def test_a_box_hears_only_what_is_meant_for_it(broker: EmbeddedBroker, central: Talker) -> None:
    with broker.box("b1", broker.let_in("b1")) as box, broker.box("b2", broker.let_in("b2")) as other:
        for topic_filter in (
            "#",
            topics.up_all(),
            topics.down_any(),
            event("b2"),
            topics.down_all("s1", "b2"),
            "$SYS/#",
        ):
            box.subscribe(topic_filter)
        box.subscribe(topics.down_all("s1", "b1"))
        box.subscribe(topics.central_state("s1"))
        other.say(event("b2"), b"secret of b2", retain=True)
        central.say(ack("b2"), b"for b2", retain=True)
        central.say(topics.central_state("s2"), b"for another site", retain=True)
        central.say(topics.central_state("s1"), b"online", retain=True)
        box.wait_for(b"online")
        central.say(ack("b1"), b"for b1")
        box.wait_for(b"for b1")
        assert set(box.payloads) == {b"online", b"for b1"}


def test_no_client_id_opens_the_session_of_another_user(broker: EmbeddedBroker) -> None:
    secret = broker.let_in("b1")
    with broker.central(clean=False, client_id="gw.central-1") as central:
        central.subscribe(topics.up_all())
        for client_id in ("central", "gw.central-1"):
            with broker.box("b1", secret, client_id=client_id, clean=False) as box:
                box.say(event("b1"), client_id.encode())
                central.wait_for(client_id.encode())
                assert box.payloads == []
        assert not central.disconnected.is_set()


def test_a_strangers_attempt_leaves_the_owner_alone(broker: EmbeddedBroker, central: Talker) -> None:
    secret = broker.let_in("b1")
    with broker.box("b1", secret, clean=False) as box:
        Talker(broker.port, "b1", "guessed", clean=True).close()
        Talker(broker.port, "b1", "guessed", clean=False).close()
        box.say(event("b1"), b"still mine")
        central.wait_for(b"still mine")
        assert not box.disconnected.is_set()


def test_no_secret_is_printed(broker: EmbeddedBroker, central: Talker) -> None:
    secret = broker.let_in("b1")
    with broker.box("b1", secret) as box:
        box.say(event("b1"), b"payload-of-an-event")
        central.wait_for(b"payload-of-an-event")
    Talker(broker.port, "b1", "guessed-password").close()
    printed = broker.process.out + broker.process.err
    for private in (secret, broker.files.secret, "guessed-password", "payload-of-an-event"):
        assert private not in printed

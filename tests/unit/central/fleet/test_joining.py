"""How boxes and persons come in, and how nobody else does."""

import pytest

from central.core.access import TOKEN_PREFIX, fingerprint, password_hash, password_matches, token_form
from central.core.values import Role
from central.services.access import Access, NameTaken
from central.services.fleet import (
    BoxUnknown,
    CameraUnknown,
    FleetRefused,
    JoinCodeExpired,
    JoinCodeUnknown,
    JoinCodeUsed,
    JoinRefused,
    TooManyGuesses,
)
from central.stores.ports import PageRequest
from protocol.joining import JoinRequest
from tests.support.central_stores import TECHNICIAN, Central
from tests.support.speaking_box import later
from tests.support.store_contents import rows

WRONG = "AAAA-BBBB-CCCC-DDDD-EEEE"
HOUR = 3600.0


def add(central: Central, box: str = "b1", site: str = "s1", at_s: float = 0) -> str:
    return central.fleet.add_box(site, box, TECHNICIAN, later(at_s), central.random)


def join(central: Central, code: str, at_s: float = 60, peer: str = "10.0.0.9") -> str:
    grant = central.fleet.join(JoinRequest(code=code), peer, later(at_s), central.random)
    return grant.connection.secret.get_secret_value()


def test_a_code_opens_the_door_once(central: Central) -> None:
    code = add(central)
    secret = join(central, code)
    access = Access(central.stores)
    assert len(secret) == 43
    assert access.verify_box("b1", secret)
    with pytest.raises(JoinCodeUsed):
        join(central, code, 61)
    assert access.verify_box("b1", secret)


def test_the_grant_says_where_to_go(central: Central) -> None:
    grant = central.fleet.join(JoinRequest(code=add(central)), "peer", later(1), central.random)
    connection = grant.connection
    assert (connection.site, connection.box, connection.central_url, connection.mqtt_port) == (
        "s1",
        "b1",
        "http://127.0.0.1:8080",
        1883,
    )
    assert central.fleet.box("b1").box.joined_at == later(1)


def test_a_code_lives_72_hours(central: Central) -> None:
    code = add(central)
    with pytest.raises(JoinCodeExpired):
        join(central, code, 72 * HOUR)
    assert join(central, add(central, "b2"), 72 * HOUR - 1)


def test_a_new_code_ends_the_old_one(central: Central) -> None:
    old = add(central)
    new = add(central, at_s=10)
    with pytest.raises(JoinCodeUnknown):
        join(central, old)
    assert join(central, new)


def test_joining_again_with_a_new_code_changes_the_secret(central: Central) -> None:
    first = join(central, add(central))
    second = join(central, add(central))
    access = Access(central.stores)
    assert (access.verify_box("b1", first), access.verify_box("b1", second)) == (False, True)


def test_refusals_tell_strangers_nothing(central: Central) -> None:
    used = add(central)
    join(central, used)
    expired = add(central, "b2")
    texts = set()
    for code, at_s in ((used, 60), (expired, 80 * HOUR), (WRONG, 60)):
        with pytest.raises(JoinRefused) as refusal:
            join(central, code, at_s)
        texts.add(str(refusal.value))
    assert len(texts) == 1


def test_guessing_is_slowed_down_per_peer(central: Central) -> None:
    code = add(central)
    for number in range(10):
        with pytest.raises(JoinCodeUnknown):
            join(central, WRONG, number)
    with pytest.raises(TooManyGuesses) as refusal:
        join(central, code, 11)
    assert refusal.value.retry_after_s > 0
    assert join(central, code, 11, peer="10.0.0.8")
    with pytest.raises(JoinCodeUsed):
        join(central, code, 1000)


@pytest.mark.parametrize(("site", "box"), [("s1", "B1"), ("s1", ""), ("s 1", "b1"), ("s1", "central"), ("s1", "-b")])
def test_ids_that_no_box_may_have(site: str, box: str, central: Central) -> None:
    with pytest.raises(FleetRefused):
        add(central, box, site)


def test_a_box_belongs_to_one_site(central: Central) -> None:
    add(central)
    with pytest.raises(FleetRefused, match="belongs to site s1"):
        add(central, site="s2")


def test_nothing_secret_is_kept(central: Central) -> None:
    code = add(central)
    secret = join(central, code)
    token = Access(central.stores).add_actor("wang", Role.OPERATOR, later(0), central.random)
    kept = str([rows(central.stores, table) for table in ("join_codes", "box_secrets", "actors", "boxes")])
    assert [text for text in (code, secret, token) if text in kept] == []


def test_the_brokers_file_gets_every_joined_box(central: Central) -> None:
    secrets = {box: join(central, add(central, box)) for box in ("b2", "b1")}
    add(central, "b3")
    credentials = Access(central.stores).credentials()
    assert [(one.box, one.site) for one in credentials] == [("b1", "s1"), ("b2", "s1")]
    assert all(password_matches(secrets[one.box], one.password_hash) for one in credentials)


def test_the_hash_is_mosquittos() -> None:
    stored = password_hash("secret", b"0123456789ab")
    assert stored.startswith("$7$101$MDEyMzQ1Njc4OWFi$")
    assert len(stored.rsplit("$", 1)[1]) == 88
    assert password_matches("secret", stored)
    assert not password_matches("Secret", stored)


@pytest.mark.parametrize("stored", ["", "$6$x$y", "$7$x$y$z", "plain"])
def test_other_forms_of_hashes_match_nothing(stored: str) -> None:
    assert not password_matches("", stored)


def test_a_token_is_a_person(central: Central) -> None:
    access = Access(central.stores)
    token = access.add_actor(" 王芳 ", Role.OPERATOR, later(0), central.random)
    person = access.authenticate(token)
    assert token_form(token, TOKEN_PREFIX)
    assert person is not None
    assert (person.name, person.role) == ("王芳", Role.OPERATOR)
    assert access.holder(fingerprint(token)) == person
    assert access.holder("nobody") is None


@pytest.mark.parametrize("token", ["", "gw_", "gw_" + "A" * 43, "x" * 46])
def test_other_tokens_are_nobody(token: str, central: Central) -> None:
    Access(central.stores).add_actor("wang", Role.OPERATOR, later(0), central.random)
    assert Access(central.stores).authenticate(token) is None


def test_a_name_is_one_person(central: Central) -> None:
    access = Access(central.stores)
    access.add_actor("wang", Role.OPERATOR, later(0), central.random)
    with pytest.raises(NameTaken):
        access.add_actor("wang", Role.VIEWER, later(0), central.random)
    with pytest.raises(ValueError, match="1 to 64"):
        access.add_actor(" \n", Role.VIEWER, later(0), central.random)


def test_an_unknown_box_has_no_secret(central: Central) -> None:
    assert not Access(central.stores).verify_box("b9", "")


def test_what_is_not_there(central: Central) -> None:
    with pytest.raises(BoxUnknown):
        central.fleet.box("b9")
    with pytest.raises(CameraUnknown):
        central.fleet.camera("b9.c")
    with pytest.raises(CameraUnknown):
        central.fleet.camera_states("b9.c", PageRequest(1))
    with pytest.raises(BoxUnknown):
        central.fleet.box_states("b9", PageRequest(1))


def test_boxes_are_listed_by_id(central: Central) -> None:
    for box in ("b3", "b1", "b2"):
        add(central, box)
    first = central.fleet.boxes(PageRequest(2))
    second = central.fleet.boxes(PageRequest(2, first.next))
    assert [view.box.id for view in (*first.items, *second.items)] == ["b1", "b2", "b3"]
    assert second.next is None

"""Roles fill posts by a table that the settings may change."""

from pathlib import Path

import pytest

from central.core.access import POSTS, doer_of
from central.core.case_machine import CaseAction, CaseStatus, Doer, Post, PostMissing
from central.core.case_machine.words import OF_SYSTEMS
from central.core.values import Actor, ActorKind, Role
from central.services.access import Access
from central.settings import SettingsError, load_settings
from central.stores.ports import Stores
from tests.support.casework import TO_CHECK, Staff
from tests.support.central_stores import OPERATOR, TECHNICIAN, VIEWER, Counter
from tests.support.speaking_box import later

PEOPLES_POSTS = set(Post) - OF_SYSTEMS


def settings_of(folder: Path, text: str) -> Path:
    file = folder / "central.yaml"
    file.write_text(text)
    return file


def test_an_operator_does_four_jobs_and_each_other_role_its_own() -> None:
    assert doer_of(OPERATOR, POSTS).posts == {Post.ACCEPTOR, Post.LEADER, Post.DISPATCHER, Post.COLLECTOR}
    for role in set(Role) - {Role.OPERATOR, Role.VIEWER, Role.TECHNICIAN}:
        assert doer_of(Actor(ActorKind.PERSON, "x", role, "u"), POSTS) == Doer("x", frozenset({Post(role)}), "u")
    assert {post for posts in POSTS.values() for post in posts} == PEOPLES_POSTS


def test_who_works_on_no_case_fills_no_post() -> None:
    for actor in (VIEWER, TECHNICIAN, Actor(ActorKind.PERSON, "nobody")):
        assert doer_of(actor, POSTS).posts == set()


def test_boxes_and_rules_have_posts_of_their_own() -> None:
    assert doer_of(Actor(ActorKind.BOX, "b1"), POSTS).posts == {Post.CAMERA}
    assert doer_of(Actor(ActorKind.RULE, "suspension_end"), POSTS).posts == {Post.CLOCK}


def test_a_city_gives_each_job_to_another_role(tmp_path: Path) -> None:
    posts = load_settings(settings_of(tmp_path, "roles:\n  operator: [acceptor]\n")).roles
    assert posts[Role.OPERATOR] == {Post.ACCEPTOR}
    assert {role: posts[role] for role in POSTS if role is not Role.OPERATOR} == {
        role: filled for role, filled in POSTS.items() if role is not Role.OPERATOR
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("roles:\n  operator: [camera]\n", "is no post that a person fills"),
        ("roles:\n  operator: [mayor]\n", "roles.operator"),
        ("roles:\n  viewer: [acceptor]\n", "roles.viewer"),
        ("roles:\n  operator: acceptor\n", "roles.operator"),
    ],
)
def test_a_wrong_table_is_told_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=":2: ") as refused:
        load_settings(settings_of(tmp_path, text))
    assert said in str(refused.value)


def test_the_table_is_what_casework_obeys(stores: Stores) -> None:
    staff = Staff(stores, {Role.OPERATOR: frozenset({Post.ACCEPTOR})})
    case = staff.report().case.id
    assert staff.act(case, TO_CHECK[0]).case.status is CaseStatus.ACCEPTED
    with pytest.raises(PostMissing):
        staff.act(case, CaseAction.REGISTER)


def test_a_person_of_a_department_names_its_unit(stores: Stores) -> None:
    access = Access(stores)
    with pytest.raises(ValueError, match="needs the unit"):
        access.add_actor("zhang", Role.DEPARTMENT, later(0), Counter())
    for unit, said in (("x" * 65, "at most 64"), ("a\nb", "printable")):
        with pytest.raises(ValueError, match=said):
            access.add_actor("zhang", Role.DEPARTMENT, later(0), Counter(), unit)
    token = access.add_actor("zhang", Role.DEPARTMENT, later(0), Counter(), " sanitation ")
    zhang = Actor(ActorKind.PERSON, "zhang", Role.DEPARTMENT, "sanitation")
    assert access.authenticate(token) == zhang
    assert access.persons() == [zhang]

"""Boxes that join through the API."""

from datetime import timedelta

from tests.support.api_desk import Desk, problem


def test_a_code_opens_the_door_once(desk: Desk) -> None:
    code = desk.office.new_join_code("box-02")
    answer = desk.client.post("/join/v1", json={"code": code, "hostname": "cabinet-7"})
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    connection = answer.json()["connection"]
    assert (connection["box"], len(connection["secret"])) == ("box-02", 43)
    used = problem(desk.client.post("/join/v1", json={"code": code}), 403, "join-refused")
    guessed = problem(desk.client.post("/join/v1", json={"code": "AAAA-BBBB-CCCC-DDDD-2222"}), 403, "join-refused")
    expired_code = desk.office.new_join_code("box-03")
    desk.office.at += timedelta(hours=73)
    expired = problem(desk.client.post("/join/v1", json={"code": expired_code}), 403, "join-refused")
    assert used == guessed == expired


def test_guessing_is_stopped(desk: Desk) -> None:
    answers = [desk.client.post("/join/v1", json={"code": "AAAA-BBBB-CCCC-DDDD-2222"}) for _ in range(12)]
    problem(answers[0], 403, "join-refused")
    problem(answers[-1], 429, "too-many-guesses")
    assert int(answers[-1].headers["retry-after"]) > 0

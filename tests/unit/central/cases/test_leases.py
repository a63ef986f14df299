"""Who works on a case: taken, renewed, taken over, ended."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.cases.leases import LEASE_S, RENEW_S, Lease, LeaseHeld, keeps_out, needs_renewal, taken
from central.core.cases.requests import once

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


WANG = taken(None, "case-1", "wang", NOW)


@pytest.mark.parametrize(
    ("before", "who", "seconds", "take_over", "expected"),
    [
        (None, "wang", 0, False, WANG),
        (WANG, "wang", 40, False, Lease("case-1", "wang", NOW, at(40 + LEASE_S))),
        (WANG, "wang", 40, True, Lease("case-1", "wang", NOW, at(40 + LEASE_S))),
        (WANG, "li", 40, True, Lease("case-1", "li", at(40), at(40 + LEASE_S), "wang")),
        (WANG, "li", LEASE_S, False, Lease("case-1", "li", at(LEASE_S), at(2 * LEASE_S))),
        (WANG, "li", LEASE_S, True, Lease("case-1", "li", at(LEASE_S), at(2 * LEASE_S))),
    ],
)
def test_what_becomes_of_a_lease(
    before: Lease | None, who: str, seconds: float, *, take_over: bool, expected: Lease
) -> None:
    assert taken(before, "case-1", who, at(seconds), take_over=take_over) == expected


def test_another_persons_lease_is_not_taken_unasked() -> None:
    with pytest.raises(LeaseHeld, match="wang works on this case until") as held:
        taken(WANG, "case-1", "li", at(LEASE_S - 0.001))
    assert held.value.lease == WANG


@pytest.mark.parametrize(
    ("lease", "who", "seconds", "is_out", "renews"),
    [
        (None, "wang", 0, False, True),
        (WANG, "wang", 0, False, False),
        (WANG, "wang", RENEW_S, False, True),
        (WANG, "li", RENEW_S, True, False),
        (WANG, "li", LEASE_S, False, True),
    ],
)
def test_whom_a_lease_keeps_out_and_when_it_is_renewed(
    lease: Lease | None, who: str, seconds: float, *, is_out: bool, renews: bool
) -> None:
    assert (keeps_out(lease, who, at(seconds)) is not None) == is_out
    assert needs_renewal(lease, who, at(seconds)) == renews


@given(st.lists(st.tuples(st.sampled_from(["wang", "li", "sun"]), st.integers(0, 200), st.booleans()), max_size=30))
def test_at_any_time_one_person_at_most_has_a_case(steps: list[tuple[str, int, bool]]) -> None:
    lease, now = None, NOW
    for who, pause_s, take_over in steps:
        now += timedelta(seconds=pause_s)
        try:
            lease = taken(lease, "case-1", who, now, take_over=take_over)
        except LeaseHeld:
            assert not take_over
            assert keeps_out(lease, who, now) == lease
            continue
        assert (lease.holder, lease.until) == (who, now + timedelta(seconds=LEASE_S))
        assert lease.taken_from != who


def test_a_request_is_the_same_by_what_it_asks() -> None:
    body = {"action": "dispatch", "unit": "环卫"}
    assert once("wang", "k", "case-1", body) == once("wang", "k", "case-1", dict(reversed(body.items())))
    others = [once("wang", "k", "case-2", body), once("wang", "k", "case-1", {**body, "unit": "x"})]
    assert once("wang", "k", "case-1", body).request not in {other.request for other in others}

"""Camera-verified closing, by the clock: each check goes on in a transaction of its own."""

from datetime import datetime

from central.core.camera_check import CameraCheck
from central.services.desks import camera_checks
from central.services.desks.actions import CaseRules
from central.stores.ports import Stores

CHECKS_A_SWEEP = 100


class CameraChecks:
    """Begun by `Casework.act` with a handler's "done"; goes on in `step`."""

    def __init__(self, stores: Stores, rules: CaseRules) -> None:
        self._stores = stores
        self._rules = rules

    def step(self, now: datetime, limit: int = CHECKS_A_SWEEP) -> int:
        """Go on with every check whose time has come or whose box has answered; how many. `StoreUnavailable`."""
        with self._stores.reading() as unit:
            cases = unit.checks.due(now, limit)
        for case in cases:
            with self._stores.writing() as unit:
                camera_checks.advance(unit, case, self._rules, now)
        return len(cases)

    def of_case(self, case: str) -> tuple[CameraCheck, ...]:
        """Checks of a case, oldest first; none where nobody has said "done" yet. Raises `StoreUnavailable`."""
        with self._stores.reading() as unit:
            return unit.checks.of_cases([case]).get(case, ())

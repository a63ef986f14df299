"""A handler in the demo: one case is called done while its cause still stands, and again when that has left.

What the camera says to each is read from central, as any client would.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from protocol.scenes import Scene
from provisioning.demo.central_api import CentralApi, Item, Refused

STANDING: Final = frozenset(
    {
        Scene.STAY, Scene.MOBILE_VENDOR, Scene.ROAD_OCCUPATION, Scene.OUT_OF_STORE, Scene.BIKE_PILEUP,
        Scene.BIKE_PARKING, Scene.VEHICLE_PARKING,
    }
)  # fmt: skip
"""What stands there and leaves again by itself, so that both answers of the camera can be seen."""
UNIT: Final = "demo-unit"
LOOKING, STILL_THERE = "looking", "still_there"


class Step(StrEnum):
    """How far the handler is."""

    CHOOSING = "choosing"
    CHECKED = "checked"
    WAITING = "waiting"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Told:
    """What the camera said of a case; `pictures` by sha256, the newest last."""

    number: str
    word: str
    pictures: tuple[str, ...]


class Handling:
    """One handler and one case. `office` accepts and dispatches, `unit` takes the case and calls it done."""

    def __init__(self, office: CentralApi, unit: CentralApi, avoided: frozenset[str] = frozenset()) -> None:
        """Leave cases of the cameras in `avoided` to others."""
        self._office = office
        self._unit = unit
        self._avoided = avoided
        self._passed_over: set[str] = set()
        self._photo = ""
        self._case = ""
        self.step = Step.CHOOSING
        self.number = ""
        self.told: tuple[Told, ...] = ()
        self.looks: tuple[str, ...] = ()
        """What each look of the running check found, or why it found nothing."""

    def go_on(self, candidates: list[Item]) -> None:
        """Do what is next, if its time has come. Raises `ApiUnavailable`."""
        match self.step:
            case Step.CHOOSING:
                self._choose(candidates)
            case Step.CHECKED:
                self._hear()
            case Step.WAITING:
                self._wait()
            case Step.OVER:
                pass

    def _choose(self, candidates: list[Item]) -> None:
        """Take the first candidate whose cause still stands and whose picture is here."""
        for one in candidates:
            pictures = [item["sha256"] for item in one["evidence"] if item["state"] == "stored"]
            is_another = one["camera"] in self._avoided or one["scene"] not in STANDING
            if one["ended"] or not pictures or one["id"] in self._passed_over or is_another:
                continue
            self._case, self.number, self._photo = one["id"], one["number"], pictures[-1]
            try:
                self._office.act(self._case, action="confirm")
                self._office.act(self._case, action="register", condition="demo")
                self._take()
                self._call_done()
            except Refused:
                self._passed_over.add(self._case)
                continue
            self.step = Step.CHECKED
            return

    def _take(self) -> None:
        self._office.act(self._case, action="dispatch", unit=UNIT)
        self._unit.act(self._case, action="take")

    def _call_done(self) -> None:
        self._unit.act(self._case, action="submit", evidence=[self._photo])

    def _hear(self) -> None:
        """Keep what the camera says; what it sent back is taken again at once: what has left by then is no handling."""
        checks = self._office.case(self._case)["camera_checks"]
        looks = checks[-1]["looks"] if checks else ()
        self.looks = tuple(str(look["presence"] or look["failure"] or LOOKING) for look in looks)
        if len(checks) <= len(self.told) or checks[-1]["word"] == LOOKING:
            return
        pictures = tuple(sha256 for look in checks[-1]["looks"] for sha256 in look["pictures"])
        self.told = (*self.told, Told(self.number, str(checks[-1]["word"]), pictures))
        self.step = Step.OVER
        if self.told[-1].word == STILL_THERE:
            self._go_on_with(self._take, Step.WAITING)

    def _wait(self) -> None:
        """Handle it for a second time when it has left."""
        if self._office.case(self._case)["ended"]:
            self._go_on_with(self._call_done, Step.CHECKED)

    def _go_on_with(self, act: Callable[[], None], then: Step) -> None:
        """Whoever came first at the seat has the case."""
        try:
            act()
            self.step = then
        except Refused:
            self.step = Step.OVER

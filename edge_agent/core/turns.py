"""Whose picture the detector looks at next: of all cameras that wait, the one whose deadline comes first.

A camera waits with one request at most, so that there is never more to choose from than there are cameras. With `n`
cameras, looks that take at most `look_s`, and `latency_s` between the moment a look becomes due and its deadline:

- while `(n + 1) * look_s` is at most the shortest `latency_s`, every look is done by its deadline;
- beyond that no look is done later than `(n + 1) * look_s` after its deadline: then the look under way may go before
  it, and each other camera once, with what became due earlier;
- where all have the same `latency_s`, no look is done later than `(n + 1) * look_s` after it became due.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Request:
    """Camera `place` wants its newest picture looked at. Times are seconds of a clock that all cameras share.

    `due_s`: when the first picture that asked for it was there. `latency_s`: how long after it the look has to be done.
    `number` is the camera's own name for it.
    """

    place: int
    number: int
    due_s: float
    latency_s: float

    @property
    def deadline_s(self) -> float:
        """When the look has to be done."""
        return self.due_s + self.latency_s


Waiting = tuple[Request, ...]
"""At most one request of each camera."""


def asked(waiting: Waiting, request: Request) -> Waiting:
    """Who waits after a request. A camera that already waits keeps its place in time and gets the new number."""
    before = next((one for one in waiting if one.place == request.place), request)
    due_s = min(before.due_s, request.due_s)
    latency_s = min(before.deadline_s, request.deadline_s) - due_s
    others = tuple(one for one in waiting if one.place != request.place)
    return (*others, replace(request, due_s=due_s, latency_s=latency_s))


def next_turn(waiting: Waiting) -> tuple[Request, Waiting]:
    """The request that is served now, and those that wait on; of equal deadlines the one that waited longest.

    At least one must wait.
    """
    chosen = min(waiting, key=lambda one: (one.deadline_s, one.due_s, one.place))
    return chosen, tuple(one for one in waiting if one is not chosen)

"""Whether fewer pictures come than the stream has of its own."""

from dataclasses import dataclass
from statistics import median

from edge_agent.core.picture_health.look import Finding, Flow
from protocol.messages import CameraReason

DECLARED_SHARE_MIN = 0.2
"""Many cameras say 25 and send 12 or, by night, 8: only far less than that is a fault."""
USUAL_SHARE_MIN = 0.4
"""A camera may halve its rate by night: only less than that is a fault."""
DECLARED_FPS_MAX = 60.0
"""What a stream says beyond this is its clock's rate, no rate of pictures."""
WINDOW_LOOKS = 5
"""A jerky network bunches pictures; the median of so many looks does not care."""
USUAL_LOOKS_MIN = 150
USUAL_LOOKS_MAX = 1_800
"""Usual is what came for five minutes at least, and over about the last hour."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Pictures a second at the last looks; `usual`: their running mean over `looks` good ones."""

    last: tuple[float, ...] = ()
    usual: float = 0.0
    looks: int = 0


def low_fps(rates: Rates, flow: Flow) -> tuple[Rates, Finding | None]:
    """Rates after a look, and the fault; what is far too slow is never learned as usual."""
    last = (*rates.last, flow.fps)[-WINDOW_LOOKS:]
    now, threshold = median(last), least(rates, flow.declared_fps)
    if len(last) == WINDOW_LOOKS and now < threshold:
        return Rates(last, rates.usual, rates.looks), Finding(CameraReason.LOW_FPS, now, threshold)
    looks = min(rates.looks + 1, USUAL_LOOKS_MAX)
    return Rates(last, rates.usual + (now - rates.usual) / looks, looks), None


def least(rates: Rates, declared_fps: float | None) -> float:
    """Pictures a second below which the stream is too slow; 0 while nothing is known."""
    said = declared_fps if declared_fps is not None and 1 <= declared_fps <= DECLARED_FPS_MAX else 0.0
    usual = rates.usual if rates.looks >= USUAL_LOOKS_MIN else 0.0
    return max(DECLARED_SHARE_MIN * said, USUAL_SHARE_MIN * usual)

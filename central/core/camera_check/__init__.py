"""Camera-verified closing: what a look at the place proves of "done", and when to look again. Pure."""

from central.core.camera_check.judging import judged
from central.core.camera_check.planning import Ask, Wait, next_step
from central.core.camera_check.terms import CHECK_POLICY, CheckPolicy, CheckTerms
from central.core.camera_check.values import CameraCheck, Circumstances, Condition, Look, Obstacle, Point, Verdict

__all__ = [
    "CHECK_POLICY",
    "Ask",
    "CameraCheck",
    "CheckPolicy",
    "CheckTerms",
    "Circumstances",
    "Condition",
    "Look",
    "Obstacle",
    "Point",
    "Verdict",
    "Wait",
    "judged",
    "next_step",
]

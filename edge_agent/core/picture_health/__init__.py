"""What a picture says about its camera without any model: a judge for each fault, and one look every `LOOK_S`."""

from edge_agent.core.picture_health.judging import PictureHealth, judge, reconnected
from edge_agent.core.picture_health.look import LOOK_S, Finding, Flow, Measures, Watched
from edge_agent.core.picture_health.reference import Reference

__all__ = ["LOOK_S", "Finding", "Flow", "Measures", "PictureHealth", "Reference", "Watched", "judge", "reconnected"]

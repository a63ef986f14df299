"""One camera from frame to scene event. Imports no detector: detections are handed in."""

from edge_agent.pipeline.camera_pipeline import BoxPlace, CameraPipeline
from edge_agent.pipeline.crops import CropPlan

__all__ = ["BoxPlace", "CameraPipeline", "CropPlan"]

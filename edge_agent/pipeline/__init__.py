"""One camera from frame to scene event. Imports no detector: detections are handed in."""

from edge_agent.pipeline.camera_pipeline import BoxPlace, CameraPipeline

__all__ = ["BoxPlace", "CameraPipeline"]

"""Every output layout that the agent reads. A further one is a line here and a `Layout` in the module of its family."""

from edge_agent.inference.layouts.layout import Layout
from edge_agent.inference.layouts.named import NAMED
from edge_agent.inference.layouts.nanodet import NANODET
from edge_agent.inference.layouts.ultralytics import ULTRALYTICS
from edge_agent.inference.layouts.yolo import YOLO
from edge_agent.inference.layouts.yolox import YOLOX

LAYOUTS: tuple[Layout, ...] = (*ULTRALYTICS, *YOLO, *YOLOX, *NANODET, *NAMED)

"""The technician's tools: the `gridwarden` command, joining, probing, the camera simulator, the demo."""

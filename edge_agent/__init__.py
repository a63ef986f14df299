"""The edge box's agent: reads street cameras, sees something, keeps the proof, reports it without loss."""

"""The edge box's agent: reads street cameras, sees something, keeps the proof and reports it without losing anything."""

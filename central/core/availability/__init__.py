"""How long devices and the platform did their work: from what was told, and when it became known. Pure."""

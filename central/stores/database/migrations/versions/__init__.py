"""One file a step, applied in order, never edited once released."""

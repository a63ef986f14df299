"""What central does: load, let the core decide, save. Synchronous, thread-safe, told the time."""

"""Where central keeps things: ports, and one implementation for SQLite and PostgreSQL."""

"""Every port on SQLAlchemy, for SQLite and PostgreSQL alike; modules are named as the ports that they keep."""

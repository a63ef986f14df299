"""One module a resource: its addresses, nothing else. Decisions are the services'."""

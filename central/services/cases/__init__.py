"""Cases for people: decided, looked up, put into words."""

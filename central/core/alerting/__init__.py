"""When somebody has to know that something of our own is broken, and how it is told. Pure."""

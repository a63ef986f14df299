"""Cases: as they are kept and found, what a report does to them, who works on one, what boxes learn of them. Pure."""

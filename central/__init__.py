"""Central: takes what boxes report, makes cases of it, tells people, and shows both."""

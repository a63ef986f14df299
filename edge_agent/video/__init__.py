"""Pictures: where they come from, what is measured on them, how they become evidence."""

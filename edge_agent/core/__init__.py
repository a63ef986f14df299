"""What the agent decides: pure functions over frozen values. Times and random draws are arguments."""

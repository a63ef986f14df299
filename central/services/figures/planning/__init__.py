"""What is asked of figures, what they score, and why they changed."""

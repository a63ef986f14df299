"""The line to central: what is kept on disk until central has committed it, and how it travels."""

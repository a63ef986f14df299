"""Writers of documents: what the core composed, as files that offices open. Each returns the bytes of one file."""

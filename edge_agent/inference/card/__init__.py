"""What is said about a model beside its graph: the card, and the names of its classes."""

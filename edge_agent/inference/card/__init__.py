"""What is said about a model beside its graph: the card, the labels, the golden picture."""

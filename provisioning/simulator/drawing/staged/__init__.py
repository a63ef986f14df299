"""What only moving pictures show: heaps, tables, bags, bins, doors, people at work. Pictures for training have none."""

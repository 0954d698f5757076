"""Training from scratch, on whatever is at hand."""

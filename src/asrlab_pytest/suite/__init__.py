"""What one run evaluates, with or without pytest."""

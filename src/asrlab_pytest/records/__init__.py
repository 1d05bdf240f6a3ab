"""What a record holds: one class for what was observed, from the engine to the report."""

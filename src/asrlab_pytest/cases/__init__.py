"""What a person who writes an eval sees: fixtures, cases, pooled figures, gates."""

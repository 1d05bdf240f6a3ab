"""A pytest session: what it evaluates, in which order, what it keeps, and how it ends."""

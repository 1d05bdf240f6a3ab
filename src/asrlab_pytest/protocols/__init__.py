"""Rules that make two texts comparable, each with a version that is stamped on every score."""

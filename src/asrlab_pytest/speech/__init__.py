"""Speech that a model made: what is measured of it, what is wrong with it, and the file it is kept in."""

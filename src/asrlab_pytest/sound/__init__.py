"""Speech that models make: what is measured of it, what is wrong with it, where it is kept."""

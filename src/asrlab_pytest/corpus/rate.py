"""The rate of the samples that every engine is given, by itself: the file that reads audio loads what reads it."""

SAMPLE_RATE = 16_000
"""Hertz."""

"""Verdicts on scores."""

"""Observations on disk."""

"""Readers of the forms that corpora come in, one module for each."""

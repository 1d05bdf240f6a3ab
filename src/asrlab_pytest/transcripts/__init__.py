"""Transcripts that exist already: references and hypotheses in files, scored without any engine."""

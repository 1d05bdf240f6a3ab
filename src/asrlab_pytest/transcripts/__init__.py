"""Transcripts that exist already: references and hypotheses in files, scored without any engine."""

FORMATS = ("jsonl", "csv", "tsv", "trn", "stm", "ctm")
"""Formats of files, named by their endings."""

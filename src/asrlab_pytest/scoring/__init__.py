"""Scores: pure functions of reference, hypothesis and protocol. No model is ever loaded here."""

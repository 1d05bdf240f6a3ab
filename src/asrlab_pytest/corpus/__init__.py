"""Clips: audio files with what was really said in them."""

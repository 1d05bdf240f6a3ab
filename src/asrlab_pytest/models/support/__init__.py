"""What engines share; no engine itself."""

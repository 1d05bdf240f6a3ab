"""From model and sample to observation: ASR, TTS, conversation, the judge, replay."""

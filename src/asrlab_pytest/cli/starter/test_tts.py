"""Every TTS model on every prompt, as a judge hears it, and over all prompts."""


def test_tts(tts_case):
    tts_case.check("wer", "cer", "excess_wer", "entity_recall", "speech_faults")


def test_tts_over_all(tts_corpus):
    tts_corpus.check("wer", "excess_wer", "excess_cer", "rtf", "first_audio_s", "speech_faults")


def test_tts_regression(tts_regression):
    tts_regression.check()

"""Every model of speech synthesis on every prompt, as a judge hears it, and over all prompts."""


def test_synthesis(tts_case):
    tts_case.check("wer", "cer", "excess_wer", "entity_recall", "speech_faults")


def test_synthesis_over_all(tts_corpus):
    tts_corpus.check("wer", "excess_wer", "excess_cer", "rtf", "first_audio_s", "speech_faults")


def test_synthesis_regression(tts_regression):
    tts_regression.check()

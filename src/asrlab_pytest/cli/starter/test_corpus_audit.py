"""The clips themselves, before any model is judged on them: whether the audio can be its text."""


def test_corpus_audit(asr_audit):
    asr_audit.check()

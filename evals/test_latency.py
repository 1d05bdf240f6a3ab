"""Every model's speed over the whole corpus, as a real-time factor."""


def test_latency(asr_corpus):
    asr_corpus.check("rtf")

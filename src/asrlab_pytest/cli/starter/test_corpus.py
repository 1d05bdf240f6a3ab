"""Every model over the whole corpus: pooled error rates."""


def test_corpus(asr_corpus):
    asr_corpus.check()

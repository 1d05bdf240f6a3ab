"""Every model against the baseline: worse than before fails, too few clips to tell does not."""


def test_regression(asr_regression):
    asr_regression.check()

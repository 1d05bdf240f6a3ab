"""Every model on every clip, judged by the thresholds of the clip, the model and the project."""


def test_accuracy(asr_case):
    asr_case.check()

"""Every model's memory in a process of its own, by its bound and the baseline."""


def test_memory(asr_memory):
    asr_memory.check()

"""Every model's time beside the reference model's, both measured in turn: slower than it may be fails."""


def test_speed(asr_speed):
    asr_speed.check()

"""A run of pytest measures LFM2-Audio as it does every other model."""

import re

import pytest

from asrlab_pytest.models.engine import engine_names

pytest.importorskip("liquid_audio", reason='needs the extra "lfm2", on Python 3.12 or later')

from lfm_checkpoint import SPECIAL


@pytest.mark.skipif("lfm2-audio" not in engine_names(), reason="the engine's entry point is not installed")
@pytest.mark.parametrize(("last", "wer"), [(" meters", "0.0%"), (" miles", "25.0%")])
def test_known_error_rate(project, answering, last, wer):
    """Weights that write a known sentence get the error rate that it has against the clip's text."""
    folder = answering("Go", " forward", " ten", last, ".", SPECIAL[7])
    project.configure(
        'model = ["tiny"]\n',
        models=(),
        tables=f'[tool.asrlab.models.tiny]\nengine = "lfm2-audio"\nweights = "{folder}"\noptions = {{ threads = 1 }}\n',
    )
    project.real_clips("goforward")
    project.evals("accuracy")

    result = project.run_apart("--benchmark-disable", "--asr-device", "cpu", "-p", "no:cacheprovider")

    assert result.ret == 0
    assert re.search(rf"^tiny +1 +{re.escape(wer)}", result.stdout.str(), re.MULTILINE)

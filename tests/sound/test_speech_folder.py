"""The folder that speech is kept in: names, and what it holds."""

import numpy as np
import pytest

from asrlab_pytest.records.speech import SpeechFolder, is_kept

SPEECH = np.zeros(100, dtype=np.float32)


@pytest.mark.parametrize(
    "name", ["a", "a/b", "../../a", "...", "c:d", "x" * 300, "é" * 300, "a\nb", "-k", "", "a\udc80"]
)
def test_any_name(tmp_path, name):
    """Whatever a model and a prompt are called, their speech is a file in a folder of the folder."""
    folder = SpeechFolder(tmp_path / "speech")

    file = folder.keep(name, name, SPEECH, 16_000)

    assert folder.remarks == []
    assert [path.relative_to(folder.path).as_posix() for path in (tmp_path / "speech").glob("*/*")] == [file]
    assert is_kept(folder.path / file)

"""What a worker takes over from one that helped it, before it pools the figures of a model."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from asrlab_pytest.errors import ClipError
from asrlab_pytest.inference.asr import LiveModel
from asrlab_pytest.inference.handle import ModelHandle
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.store import Store
from asrlab_pytest.settings import Settings
from asrlab_pytest.suite.sources import Sources


@pytest.mark.parametrize(("failed", "takes"), [((), False), (("one",), True), (("one", "two"), False)])
def test_what_others_transcribed(tmp_path, failed, takes):
    """The store is searched if the worker tried some of the clips, also if all of these failed."""
    clips = [SimpleNamespace(id="one"), SimpleNamespace(id="two")]
    source = LiveModel(ModelSpec(id="m", engine="parrot", weights="here"), RunConditions(corpus="clips"))
    handle = ModelHandle(source, clips, errors=dict.fromkeys(failed, ClipError("no sound")))
    suite = SimpleNamespace(settings=Settings())

    Sources(suite, Store(tmp_path), [print], since=datetime.now(UTC)).take_over(handle)

    assert (source.recall is not None) is takes

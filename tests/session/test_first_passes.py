"""What a run remembers by model: the first pass of each, and which were asked for by name."""

import pytest

from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.session.ledger import Ledger
from asrlab_pytest.suite.statuses import Statuses
from stored_runs import observed


@pytest.mark.parametrize("later", [{"repeat": 1}, {"order": "shuffled"}], ids=["repeated", "shuffled"])
def test_gates_compare_the_first_pass(later):
    """A later pass over a clip does not take the place of the first one."""
    ledger = Ledger()
    first = observed(hypothesis="hello there")
    ledger.observed(first)
    ledger.observed(observed(hypothesis="hello", **later))

    assert ledger.first_of == {first.model: {first.clip: first}}


@pytest.mark.parametrize("name", ["polly", "polly:tts"])
def test_a_model_is_named_by_any_of_its_ids(name):
    """A model of a second task is named by its name alone and by its id, and by no glob or other name."""
    spec = ModelSpec(id="polly:tts", engine="parrot", weights="", task="tts", tasks=("asr", "tts"))

    assert Statuses(None, [name]).is_named(spec)
    assert not Statuses(None, ["pol*", "kea", "polly:asr"]).is_named(spec)

"""What of the store may answer for a model."""

import stored_runs
from asrlab_pytest.records.observation import FIRST
from asrlab_pytest.records.store import Store


def test_what_no_model_said_is_not_recalled(tmp_path):
    """A row that was itself taken from a record is not recalled nor listed, and one that a model made is."""
    for number, recorded in enumerate((False, True)):
        store = Store(tmp_path / str(number))
        writer = store.new_record()
        writer.start(stored_runs.environment())
        writer.write(stored_runs.row(key=stored_runs.HASH, recorded=recorded))
        writer.close()

        assert (store.recall(stored_runs.HASH, FIRST) is None) is recorded
        assert len(store.observations) == 1 - recorded

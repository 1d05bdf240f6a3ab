"""How long a model may take before its first clip."""

from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.inference.limit import LEAST_LOADING, LEAST_WARM_UP, before_the_first, overrun
from asrlab_pytest.models.spec import ModelSpec

SPEC = ModelSpec(id="m", engine="parrot", weights="here")


@given(st.floats(0.1, 10_000))
def test_a_hang_of_the_warm_up(timeout):
    """A warm-up that hangs is given more time than a clip, and no more than the weights are."""
    limits = [before_the_first(timeout, least_s) for least_s in (LEAST_WARM_UP, LEAST_LOADING)]
    steps = [overrun(SPEC, "the first clip", limit, noun="its way to") for limit in limits]

    warm_up, loading = (step.seconds for step in steps)

    assert timeout < warm_up <= loading
    assert (warm_up < loading) == (10 * timeout < LEAST_LOADING)
    assert str(steps[0]).startswith("model m gave no answer on its way to the first clip within ")
    assert overrun(SPEC, "the first clip", before_the_first(None, 1.0), noun="its way to") is None

"""Zeros that are said before a number in words."""

from hypothesis import given
from hypothesis import strategies as st
from speller import cardinal

from asrlab_pytest.protocols.entities import extract
from asrlab_pytest.protocols.normalization import normalization

ZEROS = {"": "", "zero ": "0", "zero zero ": "00", "double zero ": "00", "triple zero ": "000"}
LARGE = st.integers(1, 999).flatmap(lambda head: st.sampled_from([100, 1000, 10**6]).map(lambda scale: head * scale))


@given(zeros=st.sampled_from([*ZEROS]), number=st.one_of(LARGE, st.integers(100, 10**9)))
def test_a_said_zero_is_kept(zeros, number):
    """Zeros said before a number with a scale stand before its digits, in the profile `en` and in entities."""
    text = f"code {zeros}{cardinal(number)} then"

    assert normalization("en").apply(text) == f"code {ZEROS[zeros]}{number} then"
    assert [entity.value for entity in extract(text)] == [f"{ZEROS[zeros]}{number}"]

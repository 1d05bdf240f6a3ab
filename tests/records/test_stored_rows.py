"""Observations that stay in their file."""

import copy
import dataclasses
import json
import pickle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.records import packed_names, record_file, stored_rows
from asrlab_pytest.records.case_set import CaseSet
from asrlab_pytest.records.checking import check
from asrlab_pytest.records.observation import Observation, observation_of
from asrlab_pytest.records.packed_names import PackedNames, RepeatedNames
from asrlab_pytest.records.reading import read_run
from peak_memory import peak_into
from stored_runs import end, environment, row, said, write

NAMES = st.lists(st.text(st.characters(exclude_categories=()), max_size=8), max_size=20)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "model": st.sampled_from(["polly", "kakapo"]),
            "clip": st.sampled_from("abcdefgh"),
            "group": st.sampled_from([None, "ann", "bob"]),
            "tags": st.sampled_from([[], ["human"], ["human", "noisy"]]),
            "language": st.sampled_from([None, "en"]),
            "hypothesis": st.text(max_size=12),
            "repeat": st.integers(0, 1),
            "quarantined": st.booleans(),
            "recorded": st.booleans(),
            "load_per_core": st.none() | st.floats(0, 3),
            "clip_normalization": st.sampled_from([None, "raw"]),
        }
    ),
    max_size=12,
)


@given(NAMES)
def test_packed_names(names):
    """Names that are packed are the same names in the same order, whatever letters they have."""
    packed = PackedNames(names)

    assert list(packed) == names
    assert packed == names
    assert (len(packed), packed[1:3], list(reversed(packed))) == (len(names), names[1:3], names[::-1])


@given(NAMES.map(lambda names: [*dict.fromkeys(names)]), st.integers(1, 3))
def test_repeated_names(names, times):
    """Names that come again in the same order keep their places, and are stored once."""
    repeated = RepeatedNames()
    for name in times * names:
        repeated.append(name)

    assert list(repeated) == times * names
    assert list(repeated.different) == names


@given(NAMES, NAMES)
def test_case_set(names, others):
    """A set of cases knows which it has, how many, and which were given more than once."""
    cases = CaseSet(names)

    assert len(cases) == len(set(names))
    assert {one for one in [*names, *others] if one in cases} == set(names)
    assert cases.repeated() == {hash(one) for one in names if names.count(one) > 1}


@given(rows=ROWS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_row_is_its_observation(tmp_path, rows):
    """A row that stays in its file says, attribute by attribute, what the observation of its line says."""
    path = write(tmp_path / "run.jsonl", environment(), *(row(**one) for one in rows))
    expected = [observation_of(row(**one)) for one in rows]

    run = read_run(path, empty=True, ambiguous=True)

    assert run.observations == expected
    assert list(run.places) == list(range(2, len(rows) + 2))
    names = [*(field.name for field in dataclasses.fields(Observation)), "is_first_pass", "made_in"]
    for own, other in zip(run.observations, expected, strict=True):
        assert [getattr(own, name) for name in names] == [getattr(other, name) for name in names]
    assert run.first_pass == [one for one in expected if one.is_first_pass]
    by_model = stored_rows.by_model_id(run.observations)
    assert by_model == stored_rows.by_model_id(expected)
    assert list(by_model) == list(dict.fromkeys(one.model for one in expected))


def test_a_row_in_use(tmp_path):
    """A row is compared, copied, changed and sent to another process as the observation that it stands for."""
    path = write(tmp_path / "run.jsonl", environment(), row(), said("hello", "hello", clip="two"))
    own, spoken = read_run(path).observations

    assert isinstance(own, Observation)
    assert own == observation_of(row())
    assert own != spoken
    assert dataclasses.replace(own, hypothesis="bye").as_json() == {
        **observation_of(row()).as_json(),
        "hypothesis": "bye",
    }
    assert pickle.loads(pickle.dumps(own)) == copy.copy(own) == own
    assert own.as_json()["hypothesis"] == "hello there"
    assert spoken.speech.hearer.model == "polly"


def test_a_file_that_is_replaced(tmp_path):
    """What was read of a record is that record, though another file has its name by now."""
    path = write(tmp_path / "run.jsonl", environment(), row(hypothesis="hello"))
    run = read_run(path)

    write(tmp_path / "new.jsonl", environment(), row(hypothesis="goodbye")).replace(path)

    assert run.observations[0].hypothesis == "hello"


def test_many_files(tmp_path):
    """Rows of more files than may be open are read again; of a file that was replaced meanwhile the user is told."""
    paths = [write(tmp_path / f"{number}.jsonl", environment(), row(clip=f"{number}")) for number in range(70)]
    runs = [read_run(path) for path in paths]

    assert [run.observations[0].reference for run in runs] == ["hello there"] * 70
    assert len(record_file._open) <= 64

    runs = [read_run(path) for path in paths]
    write(tmp_path / "new.jsonl", environment(), row(hypothesis="goodbye")).replace(paths[0])
    with pytest.raises(AsrlabError, match=r"0.jsonl was replaced or deleted while it was being read"):
        _ = runs[0].observations[0].reference
    del runs
    assert not record_file._open


DOCUMENT = {"benchmarks": [{"extra_info": {"asr": row()}}]}


@pytest.mark.parametrize("indent", [None, 2], ids=["one line", "many lines"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_document(tmp_path, indent, encoding):
    """A pytest-benchmark JSON is told from a record however it is written."""
    path = tmp_path / "results.json"
    path.write_bytes(json.dumps(DOCUMENT, indent=indent).encode(encoding))

    assert read_run(path).observations == [observation_of(row())]


def test_memory_of_a_check(tmp_path):
    """A record of four times as many rows needs little more memory to check, and no observation is held."""
    peaks = []
    for count in (500, 2_000):
        ids = [f"clip-{number}" for number in range(count)]
        rows = (row(clip=clip, hypothesis="word " * 100) for clip in ids)
        path = write(tmp_path / f"{count}.jsonl", environment(plan={"polly": ids}), *rows, end())
        with peak_into(peaks):
            assert check(path).is_whole

    assert peaks[1] - peaks[0] < 1_500 * 400


def test_many_different_values(tmp_path):
    """Rows keep their values even if there are more different ones than a byte or two can index."""
    loads = [number / 7 for number in range(300)]
    groups = [f"speaker {number}" for number in range(300)]
    rows = (
        row(clip=f"{number}", load_per_core=load, group=group)
        for number, (load, group) in enumerate(zip(loads, groups, strict=True))
    )

    run = read_run(write(tmp_path / "run.jsonl", environment(plan={"polly": ["a"], "kea": ["a"]}), *rows))

    assert [one.load_per_core for one in run.observations] == loads
    assert [one.group for one in run.observations] == groups
    assert run.environment.plan == {"polly": ["a"], "kea": ["a"]}


def test_names_beyond_four_gigabytes(monkeypatch):
    """Offsets of names continue in 8 bytes when 4 are no longer enough."""
    monkeypatch.setitem(packed_names._WIDER, "I", (4, "Q"))
    names = ["ab", "cd", "", "efg"]

    assert list(PackedNames(names)) == names

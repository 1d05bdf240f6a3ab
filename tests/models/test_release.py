"""The weights of a model are gone before the next one loads, also after failures."""

import gc
import weakref

import psutil
import pytest
from under_test import clip, model

from checkpoints import Shape, random_checkpoint
from lazily import Lazily

torch = Lazily("torch")
whisper = Lazily("whisper")

WHISPER = ("openai-whisper", "faster-whisper")


@pytest.mark.parametrize("engine", WHISPER)
def test_close(handle, pair, engine):
    """Closing a handle lets the package's own model go."""
    subject = handle(model(engine, pair("random").weights(engine)))
    subject.observe(clip("short-rms"))
    weights = weakref.ref(subject.source._weights._model)

    subject.close()

    assert weights() is None


@pytest.mark.parametrize("engine", WHISPER)
def test_close_after_a_failure(handle, pair, engine):
    """Closing a handle lets the model go while a traceback still holds the frames that used it."""
    subject = handle(model(engine, pair("random").weights(engine)))

    def failing_test(recognizer_owner):
        recognizer_owner.observe(clip("short-rms"))
        message = "as a test fails"
        raise AssertionError(message)

    with pytest.raises(AssertionError) as held:
        failing_test(subject)
    weights = weakref.ref(subject.source._weights._model)

    subject.close()

    assert weights() is None
    assert held.value.__traceback__ is not None


def test_memory_does_not_pile_up(handle, tmp_path):
    """Loading and closing a large model again and again takes the memory of one, not of each."""
    checkpoint = random_checkpoint(tmp_path / "large.pt", Shape(state=512, heads=8, layers=1))
    taken = []
    for _ in range(3):
        subject = handle(model("openai-whisper", checkpoint, sample_len=4, without_timestamps=True))
        subject.observe(clip("short-rms"))
        taken.append(psutil.Process().memory_info().rss)
        size = sum(tensor.nbytes for tensor in subject.source._weights._model.state_dict().values())
        subject.close()

    assert taken[-1] - taken[0] < 0.7 * size


def test_close_twice(handle, pair):
    """Closing a handle twice, or before anything was loaded, does no harm."""
    subject = handle(model("openai-whisper", pair("random").checkpoint))

    subject.close()
    subject.observe(clip("short-rms"))
    subject.close()
    subject.close()


CONSECUTIVE = """
    import gc
    from pathlib import Path
    from whisper.model import Whisper

    def test_case(asr_case):
        asr_case.transcribe()
        alive = sum(type(thing) is Whisper for thing in gc.get_objects())
        with Path("alive.txt").open("a") as file:
            file.write(f"{asr_case.observation.model} {alive}\\n")
        assert not "this test fails"
"""


def test_one_model_at_a_time(project, pair):
    """A later model loads when the weights of the earlier one are gone, although its tests failed."""
    gc.collect()
    before = sum(type(thing) is whisper.model.Whisper for thing in gc.get_objects())
    names = ("first", "second")
    weights = f'engine = "openai-whisper"\nweights = "{pair("scripted").checkpoint}"\noptions = {{ threads = 1 }}\n'
    tables = "".join(f"[tool.asrlab.models.{name}]\n{weights}" for name in names)
    project.configure(models=(), toml='model = ["first", "second"]', tables=tables)
    project.real_clips("goforward", "short-rms")
    project.write(test_case=CONSECUTIVE)

    project.run().assert_outcomes(failed=4)

    alive = (project.path / "alive.txt").read_text(encoding="utf-8").split("\n")[:-1]
    assert sorted(alive) == sorted(f"{name} {before + 1}" for name in names for _ in range(2))


def test_threads_of_torch_are_given_back(handle, pair):
    """The thread count of torch, which is the whole process's, is as before when a clip is done."""
    before = torch.get_num_threads()

    handle(model("openai-whisper", pair("random").checkpoint, threads=before + 1)).observe(clip("short-rms"))

    assert torch.get_num_threads() == before

"""Loads a model, transcribes one clip, and says what memory it took: ``python -m asrlab_pytest.inference.fresh``.

What is asked comes as JSON on standard input; the answer goes as JSON to standard output, and nothing else does.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from asrlab_pytest.errors import AsrlabError, TranscriptionError
from asrlab_pytest.models.left_threads import left_threads

if TYPE_CHECKING:
    import resource

    import psutil

    from asrlab_pytest.inference.trials import Trial
    from asrlab_pytest.inference.work import Work
    from asrlab_pytest.models.engine import Loaded, Recognizer
    from asrlab_pytest.models.spec import ModelSpec

_LINUX_PEAK = "VmHWM:"


def main() -> None:
    """Answer what standard input asks."""
    # Engines print: to standard error, C libraries included.
    answer_to = os.dup(1)
    os.dup2(2, 1)
    asked = json.load(sys.stdin)
    sys.path += [folder for folder in asked["path"] if folder not in sys.path]
    try:
        answer = _measured(asked)
    except AsrlabError as error:
        answer = {"problem": error.problem, "hint": error.hint}
    os.write(answer_to, json.dumps(answer).encode())
    if left_threads():
        # The result is sent, and the parent waits for this process to exit.
        sys.stderr.flush()
        os._exit(0)


def _measured(asked: Mapping[str, Any]) -> dict[str, Any]:
    from asrlab_pytest.inference.loading import RunConditions
    from asrlab_pytest.inference.trials import TRIALS
    from asrlab_pytest.inference.work import Work
    from asrlab_pytest.measure.resources import sampled
    from asrlab_pytest.models.contained import contained, fault_words
    from asrlab_pytest.models.spec import ModelSpec
    from asrlab_pytest.tasks import NOUNS
    from asrlab_pytest.validation import adapter_of

    spec = adapter_of(ModelSpec).validate_json(json.dumps(asked["spec"]))
    trial = TRIALS[spec.task]
    item = adapter_of(trial.sample).validate_json(json.dumps(asked["item"]))
    read = trial.read(item)
    conditions = RunConditions(corpus="", device=asked["device"], require_device=asked["require_device"], warmup=0)
    programs = Programs()
    with sampled(programs):
        loaded = trial.load(spec, conditions, item, read)
        try:
            with contained():
                done = _done(trial, spec, loaded, item, read)
            if asked["known"] is not None:
                for work in done:
                    work.refuse_other(Work(**asked["known"]), spec, item, "when its memory was measured")
        except AsrlabError:
            raise
        except Exception as error:
            raise TranscriptionError(
                f"model {spec.id} failed on {NOUNS[spec.task]} {item.id}: {fault_words(error)}"
            ) from error
    return {
        "device": loaded.device,
        "rss_bytes": programs.peak_rss_bytes(),
        "device_bytes": loaded.device_memory_bytes(),
    }


def _done(trial: Trial, spec: ModelSpec, loaded: Loaded, item: Any, read: Any) -> list[Work]:
    """What the model did with a sample, or with a batch of it."""
    from asrlab_pytest.inference.loading import takes_batches
    from asrlab_pytest.inference.trials import written

    if spec.task == "asr" and spec.batch_size > 1 and takes_batches(loaded):
        batch = [read.samples] * spec.batch_size
        answers = cast("Recognizer", loaded).transcribe_batch(batch, spec.language or item.language)
        loaded.synchronize()
        return [*map(written, answers)]
    clock = trial.clock(spec, loaded, item, read)
    clock()
    return [trial.work(loaded, clock)]


class Programs:
    """The memory of the programs that this process runs, and that they run, for `sampled`."""

    def __init__(self) -> None:
        self._largest_bytes = 0

    def sample(self) -> None:
        """Add up the most memory that each of those that run now had resident so far."""
        import psutil

        peak = 0
        for program in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                peak += _peak_of(program)
        self._largest_bytes = max(self._largest_bytes, peak)

    def peak_rss_bytes(self) -> int:
        """The most memory that this process had resident so far, in bytes, and that programs which it ran had.

        Elsewhere than on Linux and Windows, a program counts with what it has at the time of a sample. One that ended
        before a sample counts where it had more than this process: the system counts what this one had when it forked.
        """
        import psutil

        here, ended = _peak_of(psutil.Process()), _peak_of_ended()
        return here + max(self._largest_bytes, ended if ended > here else 0)


def _peak_of_ended() -> int:
    """Of the largest program that has ended; 0 where the system does not count it."""
    if sys.platform == "win32":
        return 0
    import resource

    return _bytes(resource.getrusage(resource.RUSAGE_CHILDREN))


def _bytes(usage: resource.struct_rusage) -> int:
    return usage.ru_maxrss if sys.platform == "darwin" else 1024 * usage.ru_maxrss


def _peak_of(process: psutil.Process) -> int:
    memory = process.memory_info()
    if sys.platform == "win32":
        return int(memory.peak_wset)
    if (linux := _linux_peak(process.pid)) is not None:
        return linux
    import resource

    if process.pid != os.getpid():
        return int(memory.rss)
    return _bytes(resource.getrusage(resource.RUSAGE_SELF))


def _linux_peak(pid: int) -> int | None:
    """Linux counts in `getrusage` what the parent held when it forked, which may be another model's weights."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    fields = next((line.split() for line in lines if line.startswith(_LINUX_PEAK)), None)
    return 1024 * int(fields[1]) if fields else None


if __name__ == "__main__":
    main()

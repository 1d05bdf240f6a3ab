"""A voice assistant made of parts: a recognizer, a table of answers, and a synthesizer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, cast

from rapidfuzz.distance import Levenshtein

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.engine import DialogueAgent, Engine, Recognizer, Synthesizer, Weights, engine, load
from asrlab_pytest.models.packaged import packaged_status
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import installed_version
from asrlab_pytest.protocols.normalization import normalization_for
from asrlab_pytest.tasks import Task
from asrlab_pytest.validation import ONE_OF_BOTH, STRICT, RepeatedKeyError, adapter_of, faults, refuse_repeated_keys
from asrlab_pytest.waveform import Waveform

Part = Literal["recognizer", "synthesizer"]
_TASKS: Mapping[Part, Task] = {"recognizer": "asr", "synthesizer": "tts"}
_DEFAULTS: Mapping[Part, Mapping[str, Any]] = {
    "recognizer": {"engine": "pocketsphinx", "weights": "en-us"},
    "synthesizer": {"engine": "flite", "weights": "slt"},
}
_KEYS: Mapping[str, type] = {"engine": str, "weights": str, "options": dict}
UNHEARD = "Sorry, I did not understand."
FURTHEST = 0.75
"""Edits over the words of the longer text: where a question is further than this, it was another."""


class Cascade(Engine):
    """Weights are the path of a table of answers, one JSON object a line: ``question``, ``answer``, ``after``.

    Options are ``recognizer`` and ``synthesizer``, each a table with ``engine``, ``weights`` and ``options``, and
    ``unheard``, the answer to a question that is not in the table.
    """

    name = "cascade"
    tasks: tuple[Task, ...] = ("conversation",)
    options: ClassVar = {"recognizer": dict, "synthesizer": dict, "unheard": str}
    modules = ("pydantic",)

    def status(self, spec: ModelSpec) -> Status:
        if not Path(spec.weights).is_file():
            return Status(
                Readiness.WEIGHTS_MISSING,
                f"no table of answers {spec.weights}",
                f"put it there, or correct weights in [tool.asrlab.models.{spec.name}]",
            )
        try:
            read_answers(Path(spec.weights))
            _unheard(spec)
            for part in _TASKS:
                part_spec = _part(spec, part)
                status = packaged_status(part_spec) or _engine(part_spec, part).status(part_spec)
                if not status.is_ready:
                    return Status(status.readiness, f"its {part}: {status.reason}", status.hint)
        except ModelError as error:
            return Status(Readiness.BROKEN, error.problem, error.hint)
        return READY

    def resolve_compute_type(self, spec: ModelSpec, device: Device) -> str:
        return "+".join(adapter.resolve_compute_type(part, device) for adapter, part in _parts(spec))

    def weights(self, spec: ModelSpec) -> Weights:
        table = Path(spec.weights)
        read_answers(table)
        lines = [hashlib.sha256(table.read_bytes()).hexdigest(), *(_identity(*part) for part in _parts(spec))]
        sha256 = None if None in lines else hashlib.sha256("\n".join(filter(None, lines)).encode()).hexdigest()
        return Weights(location=table, sha256=sha256, engines=[part.engine for _, part in _parts(spec)])

    def load(self, spec: ModelSpec, device: Device) -> CascadeAgent:
        return CascadeAgent(spec, device)

    def download_url(self, spec: ModelSpec) -> str | None:
        return next((url for adapter, part in _parts(spec) if (url := adapter.download_url(part))), None)

    def pull(self, spec: ModelSpec) -> Path:
        for adapter, part in _parts(spec):
            adapter.pull(part)
        return Path(spec.weights)


class CascadeAgent(DialogueAgent):
    """The loaded parts, and the questions of the dialogue so far."""

    def __init__(self, spec: ModelSpec, device: Device) -> None:
        self.device = device
        self._entries = read_answers(Path(spec.weights))
        self._unheard = _unheard(spec)
        self.compute_type = Cascade().resolve_compute_type(spec, device)
        self._recognizer = cast("Recognizer", _loaded(spec, "recognizer", device))
        try:
            self._synthesizer = cast("Synthesizer", _loaded(spec, "synthesizer", device))
        except BaseException:
            self._recognizer.close()
            raise
        self.is_cyclic = self._recognizer.is_cyclic or self._synthesizer.is_cyclic
        self.sample_rate = self._synthesizer.sample_rate
        self.settings = {
            "recognizer": {**_table(spec, "recognizer"), "settings": dict(self._recognizer.settings)},
            "synthesizer": {**_table(spec, "synthesizer"), "settings": dict(self._synthesizer.settings)},
            "unheard": self._unheard,
        }
        self.begin(None)

    def begin(self, language: str | None) -> None:
        self._language = language
        self._asked: list[str] = []

    def respond(self, samples: Waveform) -> Iterator[str | Waveform]:
        question = self._recognizer.transcribe(samples, self._language).text
        entry = choose(self._entries, question, self._asked, self._language)
        if entry is not None:
            self._asked.append(entry.question)
        answer = self._unheard if entry is None else entry.answer
        yield answer
        yield from self._synthesizer.speak(answer, None, self._language)

    def synchronize(self) -> None:
        self._recognizer.synchronize()
        self._synthesizer.synchronize()

    def close(self) -> None:
        try:
            self._recognizer.close()
        finally:
            self._synthesizer.close()


def _unheard(spec: ModelSpec) -> str:
    text = spec.options.get("unheard", UNHEARD)
    if not isinstance(text, str) or not text.strip():
        raise _wrong(spec, f"unheard must be a text, not {text!r}")
    return text


def _table(spec: ModelSpec, part: Part) -> dict[str, Any]:
    """A part's table of the options, whole.

    Raises:
        ModelError: a key of it is wrong or missing.
    """
    table = spec.options.get(part, _DEFAULTS[part])
    if not isinstance(table, Mapping):
        raise _wrong(spec, f"{part} must be a table, not {table!r}")
    for name, value in table.items():
        if name not in _KEYS:
            raise _wrong(spec, f"{part} has no key {name!r}; it knows {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[name]):
            raise _wrong(spec, f"{name} of {part} cannot be {value!r}")
    missing = [name for name in ("engine", "weights") if name not in table]
    if missing:
        raise _wrong(spec, f"{part} lacks {' and '.join(missing)}")
    return dict(table)


def _wrong(spec: ModelSpec, what: str) -> ModelError:
    return ModelError(f"model {spec.id}: {what}", hint=f"correct [tool.asrlab.models.{spec.name}.options]")


def _part(spec: ModelSpec, part: Part) -> ModelSpec:
    """The spec of a part. Its id is the whole's, which is what a hint names."""
    return ModelSpec(id=spec.id, tasks=(_TASKS[part],), task=_TASKS[part], profile=spec.profile, **_table(spec, part))


def _parts(spec: ModelSpec) -> list[tuple[Engine, ModelSpec]]:
    """The engine and the spec of each part."""
    specs = {part: _part(spec, part) for part in _TASKS}
    return [(_engine(part_spec, part), part_spec) for part, part_spec in specs.items()]


def _engine(part_spec: ModelSpec, part: Part) -> Engine:
    """The engine of a part.

    Raises:
        ModelError: there is none of this name, or it does something else, or has no build for the CPU.
    """
    adapter = engine(part_spec.engine)
    if part_spec.task not in adapter.tasks or "cpu" not in adapter.devices:
        raise _wrong(part_spec, f"{part_spec.engine} cannot be its {part}: it has no {part_spec.task} on the CPU")
    return adapter


def _loaded(spec: ModelSpec, part: Part, device: Device) -> Any:
    part_spec = _part(spec, part)
    adapter = _engine(part_spec, part)
    adapter.prepare()
    return load(adapter, part_spec, device)


def _identity(adapter: Engine, part_spec: ModelSpec) -> str | None:
    """What identifies a part: its engine, the versions behind it, and its weights; None if nothing identifies those."""
    weights = adapter.weights(part_spec)
    known = weights.sha256 or weights.revision
    versions = [installed_version(name) for name in adapter.packages or (part_spec.engine,)]
    return f"{part_spec.engine} {versions} {known}" if known else None


# ---------------------------------------------------------------------------------------------------------------------
# The table of answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the table."""

    __pydantic_config__ = STRICT

    question: str
    answer: str
    after: str | None = None
    """A question of the table that must have come before, in the same dialogue."""


def read_answers(path: Path) -> tuple[Entry, ...]:
    """Read a table of answers, one JSON object a line.

    Raises:
        ModelError: it cannot be read or is empty, or a line of it is wrong.
    """
    from pydantic import ValidationError

    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"the table of answers {path} cannot be read: {error.strerror}") from None
    adapter = adapter_of(Entry)
    entries: dict[int, Entry] = {}
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            refuse_repeated_keys(line)
            entries[number] = adapter.validate_json(line)
        except RepeatedKeyError as error:
            raise ModelError(f"{path}:{number}: {error}", hint=ONE_OF_BOTH) from None
        except ValidationError as error:
            raise ModelError(f"{path}:{number}: {faults(error, of=Entry)}", hint="correct the line") from None
    if not entries:
        raise ModelError(f"{path} has no answers", hint='add lines such as {"question": "hello", "answer": "Hi."}')
    _check(path, entries)
    return tuple(entries.values())


def _check(path: Path, entries: dict[int, Entry]) -> None:
    """Refuse lines that could never be chosen, or that say nothing."""
    lines: dict[tuple[str, str | None], int] = {}
    questions = {entry.question for entry in entries.values()}
    for number, entry in entries.items():
        where = f"{path}:{number}"
        for key in ("question", "answer"):
            if not normalization_for(None).apply(getattr(entry, key)):
                raise ModelError(f"{where}: key {key!r} has no words", hint="correct the line")
        if entry.after is not None and entry.after not in questions:
            raise ModelError(f"{where}: no line has the question {entry.after!r}", hint="correct its key 'after'")
        first = lines.setdefault((entry.question, entry.after), number)
        if first != number:
            raise ModelError(f"{where}: its question is already in line {first}", hint="give one of them an 'after'")


def choose(entries: Sequence[Entry], question: str, asked: Sequence[str], language: str | None) -> Entry | None:
    """The entry whose question is nearest to what was heard; None if none is near.

    Args:
        entries: The table.
        question: The recognizer's transcript.
        asked: The questions of the dialogue so far, as the table has them.
        language: ISO 639-1 code that chooses how texts are compared.
    """
    rules = normalization_for(language)
    words = rules.tokens(question)
    if not words:
        return None

    def rank(entry: Entry) -> tuple[float, int]:
        """How far it is and, of equals, how recent the question is that it follows."""
        expected = rules.tokens(entry.question)
        far = Levenshtein.normalized_distance(expected, words)
        return far, -1 - _last(asked, entry.after) if entry.after is not None else 0

    nearest = min((entry for entry in entries if entry.after is None or entry.after in asked), key=rank, default=None)
    return nearest if nearest is not None and rank(nearest)[0] <= FURTHEST else None


def _last(asked: Sequence[str], question: str) -> int:
    return max(place for place, earlier in enumerate(asked) if earlier == question)

"""Reads references and hypotheses from files, each in the format that its ending says."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from asrlab_pytest.content import expanded_path, real_path
from asrlab_pytest.corpus.readers.listing import text_lines
from asrlab_pytest.corpus.readers.text_files import ABOUT
from asrlab_pytest.errors import ConfigError, CorpusError
from asrlab_pytest.records.outputs import is_record
from asrlab_pytest.remote import input_file, is_url
from asrlab_pytest.transcripts import FORMATS, sclite
from asrlab_pytest.transcripts.by_id import TextsById
from asrlab_pytest.transcripts.columns import Columns, Rows
from asrlab_pytest.transcripts.utterance import Hypothesis, Utterance

_ENDINGS = {"json": "jsonl", "ndjson": "jsonl", **{form: form for form in FORMATS}}
_WITH_BOTH = ("jsonl", "csv", "tsv")
"""Formats that hold references and hypotheses in one file."""
_HEAD_BYTES = 65_536
"""How much of a long first line is inspected."""
_TOGETHER = "transcripts"
"""What a record calls a corpus whose references are in the files of the hypotheses."""


@dataclass(frozen=True, kw_only=True)
class References:
    """What was said."""

    name: str
    """What a record calls the corpus."""
    sha256: str
    """Of the corpus's manifest, or of the references themselves."""
    by_id: TextsById[Utterance]
    segments: Sequence[sclite.Segment] = ()
    """Of an stm: a ctm is cut by them."""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What one model wrote."""

    model: str
    path: Path
    by_id: TextsById[Hypothesis]
    strays: Sequence[Hypothesis] = field(default=())
    """Words of a ctm that lie in no segment of the references."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How files are read.

    Args:
        columns: Which column of rows holds what.
        form: The format of all files; None for the one that each file's ending says.
        fallback: The format of files whose ending says none.
    """

    columns: Columns = field(default_factory=Columns)
    form: str | None = None
    fallback: str | None = None

    def pairs(self, files: Mapping[str, Path]) -> tuple[References, list[Answers]]:
        """The references and hypotheses of files that hold both.

        Args:
            files: By the model whose hypotheses they hold.

        Raises:
            CorpusError: a file lacks one of the two, or two files have unlike references of one id.
        """
        references: TextsById[Utterance] = TextsById()
        answers: list[Answers] = []
        for model, path in files.items():
            form = self._form(path)
            if form not in _WITH_BOTH:
                raise ConfigError(
                    f"{path} has hypotheses alone" if form != "stm" else f"{path} has one text of each segment",
                    hint="name what was said with --reference FILE or --corpus CORPUS",
                )
            rows = Rows(path, form, self.columns)
            rows.refuse_one_text()
            utterances = rows.utterances()
            references = _joined(references, utterances) if answers else utterances
            answers.append(Answers(model=model, path=path, by_id=rows.hypotheses()))
        return References(name=_TOGETHER, sha256=_digest(references), by_id=references), answers

    def references(self, path: Path) -> References:
        """The references of a file.

        Raises:
            CorpusError: it is of a format that has none, or a line is wrong.
        """
        form = self._form(path)
        segments: Sequence[sclite.Segment] = ()
        if form == "stm":
            segments = sclite.stm_segments(path)
            utterances = TextsById(sclite.stm_utterances(segments))
        elif form == "trn":
            utterances = TextsById(sclite.trn_utterances(path))
        elif form in _WITH_BOTH:
            utterances = Rows(path, form, self.columns).utterances()
        else:
            raise ConfigError(f"{path} cannot be a reference", hint="name a trn, an stm, JSON lines or a table")
        if not utterances:
            raise CorpusError(f"{path} has no references", hint="choose another file")
        return References(name=path.stem, sha256=_digest(utterances), by_id=utterances, segments=segments)

    def answers(self, model: str, path: Path, references: References) -> Answers:
        """The hypotheses of a file or folder.

        Raises:
            CorpusError: a line is wrong, or there are none.
        """
        if path.is_dir():
            return Answers(model=model, path=path, by_id=TextsById(_texts(path)))
        form = self._form(path)
        strays: list[Hypothesis] = []
        hypotheses: Iterable[Hypothesis]
        if form == "ctm":
            words = sclite.ctm_words(path)
            if references.segments:
                hypotheses, strays = sclite.hypotheses_in(references.segments, words)
            else:
                hypotheses = sclite.ctm_hypotheses(words)
        elif form == "trn":
            hypotheses = sclite.trn_hypotheses(path)
        elif form == "stm":
            hypotheses = sclite.stm_hypotheses(path)
        else:
            return Answers(model=model, path=path, by_id=Rows(path, form, self.columns).hypotheses(alone=True))
        return Answers(model=model, path=path, by_id=TextsById(hypotheses), strays=strays)

    def _form(self, path: Path) -> str:
        if not path.exists():
            raise CorpusError(f"{path} is missing", hint="correct the path")
        if path.is_dir():
            raise CorpusError(
                f"{path} is a folder, whose texts are hypotheses alone",
                hint="name what was said with --reference FILE or --corpus CORPUS",
            )
        form = self.form or _ENDINGS.get(path.suffix.lower().removeprefix("."), self.fallback)
        if form is None:
            raise CorpusError(
                f"{path}: its format cannot be told from its name",
                hint=f"state the format: --format {'|'.join(FORMATS)}",
            )
        # A pipe can be read only once.
        if form == "jsonl" and path.is_file():
            _refuse_record(path)
        return form


def named_files(given: Sequence[str]) -> dict[str, Path]:
    """The files by the model that each is of: as stated by ``model=FILE``, else the file's name without its ending.

    Raises:
        ConfigError: two files are of one model.
    """
    files: dict[str, Path] = {}
    for argument in given:
        name, equals, rest = argument.partition("=")
        is_named = bool(equals and name and rest) and not is_url(argument) and not Path(argument).exists()
        path = expanded_path(input_file(rest if is_named else argument))
        model = name if is_named else path.name if path.is_dir() else path.stem
        model = model or real_path(path).name
        if model in files:
            raise ConfigError(
                f"{files[model]} and {path} are both of the model {model!r}", hint=f"name one of them: NAME={path}"
            )
        files[model] = path
    return files


def _refuse_record(path: Path) -> None:
    """Raises CorpusError if a file is the record of a run, which other commands score."""
    with path.open("rb") as file:
        first = file.readline(_HEAD_BYTES)
    if is_record(first):
        quoted = shlex.quote(str(path))
        raise CorpusError(
            f"{path} is a record of a run, not a file of transcripts",
            hint=f"print its figures: asrlab report {quoted}, or score it by other rules: asrlab rescore {quoted}",
        )


def _joined(references: TextsById[Utterance], more: TextsById[Utterance]) -> TextsById[Utterance]:
    """The references with those of one more file, which may repeat earlier ones."""
    for name, utterance in more.items():
        known = references.get(name)
        if known is None:
            references.add(utterance)
        elif known.text != utterance.text:
            raise CorpusError(
                f"{utterance.where}: the id {name!r} has another reference than in {known.where}",
                hint="give clips that are not the same ids of their own",
            )
        elif known.language != utterance.language:
            raise CorpusError(
                f"{utterance.where}: the language of {name!r} is {utterance.language or 'not stated'}, "
                f"and {known.language or 'not stated'} in {known.where}",
                hint="state the same language in both",
            )
    return references


def _digest(references: TextsById[Utterance]) -> str:
    """Identifies the references, whichever models' hypotheses are next to them: a JSON list in order."""
    digest = hashlib.sha256(b"[")
    for number, reference in enumerate(references.in_order_of_ids()):
        row = [reference.id, reference.text, reference.language or ""]
        digest.update((", " * (number > 0) + json.dumps(row)).encode())
    digest.update(b"]")
    return digest.hexdigest()


def _texts(folder: Path) -> Iterator[Hypothesis]:
    """The texts of a folder: ``a/b.txt`` is what was written for the clip ``a/b``."""
    files = sorted(
        file
        for file in folder.rglob("*")
        if file.suffix.lower() == ".txt" and file.is_file() and file.stem.lower() not in ABOUT
    )
    if not files:
        raise CorpusError(f"{folder} has no .txt file", hint="write each hypothesis to ID.txt, or name a table")
    for file in files:
        yield Hypothesis(
            id=re.sub(r"\.txt$", "", file.relative_to(folder).as_posix(), flags=re.IGNORECASE),
            text=" ".join(line.strip() for _, line in text_lines(file)),
            where=str(file),
        )

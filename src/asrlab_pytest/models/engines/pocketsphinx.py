"""PocketSphinx: small, on the CPU, with a US English model in its wheel, so that it runs offline everywhere."""

from __future__ import annotations

import re
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.engine import Engine, Recognizer, Segment, Transcript, Weights, Word
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import extra, hash_files, modules_missing, try_apart
from asrlab_pytest.models.support.formats import folder_missing, foreign
from asrlab_pytest.waveform import Waveform, pcm16

if TYPE_CHECKING:
    import pocketsphinx

BUNDLED = "en-us"
"""The model in the package's own wheel."""
FRAMES_PER_SECOND = 100
_FILLER = re.compile(r"<.*>|\+\+.*\+\+|\[.*\]")
_VARIANT = re.compile(r"\(\d+\)$")


class PocketSphinx(Engine):
    """Weights are ``en-us`` (in the wheel), or a folder with ``acoustic/``, ``*.lm.bin`` and ``*.dict``.

    Options are those of PocketSphinx's ``Config``, such as ``beam = 1e-60`` or ``lw = 6.5``.
    """

    name = "pocketsphinx"
    options = None
    modules = ("pocketsphinx",)
    install = extra("pocketsphinx")

    def status(self, spec: ModelSpec) -> Status:
        missing = modules_missing(self.modules, self.install)
        if missing is None and spec.weights != BUNDLED:
            missing = folder_missing(spec, f" or {BUNDLED}")
        if missing:
            return missing
        try:
            _model_files(spec)
        except ModelError as error:
            return foreign(spec, Path(spec.weights)) or Status(Readiness.BROKEN, error.problem, error.hint)
        return READY

    def weights(self, spec: ModelSpec) -> Weights:
        files = _model_files(spec)
        if spec.weights != BUNDLED:
            names = (str(files[name]) for name in ("hmm", "lm", "dict"))
            try_apart(spec, _TRIAL, *names, hint="put the model's files there again: one of them is damaged")
        hashed = sorted(path for file in files.values() for path in (file.rglob("*") if file.is_dir() else [file]))
        return Weights(
            location=files["hmm"].parent,
            sha256=hash_files(tuple(path for path in hashed if path.is_file())),
            revision=f"pocketsphinx {version('pocketsphinx')}" if spec.weights == BUNDLED else None,
        )

    def load(self, spec: ModelSpec, device: Device) -> PocketSphinxRecognizer:
        return PocketSphinxRecognizer(spec)


class PocketSphinxRecognizer(Recognizer):
    """A loaded decoder. Its cepstral mean is taken from each clip alone, so that no clip colours the next."""

    is_cyclic = False

    def __init__(self, spec: ModelSpec) -> None:
        import pocketsphinx

        config = pocketsphinx.Config(loglevel="FATAL", cmn="batch")
        for name, path in _model_files(spec).items():
            config[name] = str(path)
        for name, value in spec.options.items():
            _set_option(config, spec, name, value)
        try:
            self._decoder: Any = pocketsphinx.Decoder(config)
        except RuntimeError as error:
            raise ModelError(
                f"model {spec.id}: pocketsphinx does not load {spec.weights}: {error}",
                hint=f"check weights and options of [tool.asrlab.models.{spec.name}]",
            ) from None
        self.settings = {"cmn": "batch", **spec.options}

    def transcribe(self, samples: Waveform, language: str | None) -> Transcript:
        if not samples.any():
            return Transcript(text="", language="en")
        self._decoder.reinit_feat()
        self._decoder.start_utt()
        try:
            self._decoder.process_raw(pcm16(samples).tobytes(), full_utt=True)
        finally:
            self._decoder.end_utt()
        hypothesis = self._decoder.hyp()
        if hypothesis is None or self._heard_nothing():
            return Transcript(text="", language="en")
        words = tuple(
            Word(
                text=_VARIANT.sub("", part.word),
                start=part.start_frame / FRAMES_PER_SECOND,
                end=(part.end_frame + 1) / FRAMES_PER_SECOND,
            )
            for part in self._decoder.seg()
            if not _FILLER.fullmatch(part.word)
        )
        segments = (
            (Segment(text=hypothesis.hypstr, start=words[0].start, end=words[-1].end, words=words),) if words else ()
        )
        return Transcript(text=hypothesis.hypstr, segments=segments, language="en")

    def _heard_nothing(self) -> bool:
        """Whether no frame had energy, as in digital silence.

        The cepstral mean is then 0/0, and so is every feature: what the decoder writes comes from the scores of the
        clip before.
        """
        return "nan" in self._decoder.get_cmn()

    def close(self) -> None:
        self._decoder = None


def _set_option(config: pocketsphinx.Config, spec: ModelSpec, name: str, value: object) -> None:
    try:
        config[name] = value
    except (KeyError, TypeError, ValueError):
        raise ModelError(
            f"model {spec.id}: pocketsphinx has no option {name!r} that takes {value!r}",
            hint=f"correct [tool.asrlab.models.{spec.name}.options]; pocketsphinx.Config().describe() lists them",
        ) from None


_TRIAL = """
import pocketsphinx, sys
pocketsphinx.Decoder(loglevel="FATAL", hmm=sys.argv[1], lm=sys.argv[2], dict=sys.argv[3])
"""


def _model_files(spec: ModelSpec) -> dict[str, Path]:
    """The acoustic model's folder, the language model and the dictionary, as PocketSphinx names them."""
    if spec.weights == BUNDLED:
        folder = _package_folder() / "model" / "en-us"
        return {
            "hmm": folder / "en-us",
            "lm": folder / "en-us.lm.bin",
            "dict": folder / "cmudict-en-us.dict",
        }
    folder = Path(spec.weights)
    files = {
        "hmm": next(folder.glob("*/mdef"), None),
        "lm": next(folder.glob("*.lm.bin"), None),
        "dict": next(folder.glob("*.dict"), None),
    }
    absent = [name for name, path in files.items() if path is None]
    if absent:
        raise ModelError(
            f"{folder} is not a PocketSphinx model: it lacks {', '.join(_CONTENTS[name] for name in absent)}",
            hint=f"correct weights in [tool.asrlab.models.{spec.name}]",
        )
    return {name: path.parent if name == "hmm" else path for name, path in files.items() if path is not None}


_CONTENTS = {
    "hmm": "a folder with an acoustic model (mdef)",
    "lm": "a language model (*.lm.bin)",
    "dict": "a dictionary (*.dict)",
}


def _package_folder() -> Path:
    spec = find_spec("pocketsphinx")
    if spec is None or spec.origin is None:
        raise ModelError("the package pocketsphinx is not installed")
    return Path(spec.origin).parent

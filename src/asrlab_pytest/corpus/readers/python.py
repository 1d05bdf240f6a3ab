"""A corpus that a Python function makes: ``corpora.py:name`` is the function `name` of the file `corpora.py`."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from asrlab_pytest.content import real_path
from asrlab_pytest.corpus.in_code import corpus_of
from asrlab_pytest.corpus.samples import Corpus, SampleSet
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.visible import error_words


class PythonReader:
    name = "python"
    looks_for = "a Python file with a function that returns the clips, written as file.py:function"
    options = frozenset[str]()

    def detects(self, path: Path) -> bool:
        file, _ = _split(path)
        return file.suffix == ".py" and file.is_file()

    def read(self, path: Path, table: CorpusTable) -> Corpus:  # noqa: ARG002
        file, name = _split(path)
        if not file.is_file():
            raise CorpusError(f"{file} is missing", hint="write the corpus as file.py:function")
        function = _function(file, name)
        try:
            corpus = function()
            if isinstance(corpus, SampleSet):
                return corpus
            return corpus_of(corpus, name=name, folder=real_path(file).parent)
        except CorpusError as error:
            raise CorpusError(f"{file}: {name}(): {error.problem}", hint=error.hint) from None
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # It may neither skip a test nor end the run.
            raise CorpusError(
                f"{file}: {name}() failed: {error_words(error)}", hint=f"correct the function {name}"
            ) from error


def _split(path: Path) -> tuple[Path, str]:
    file, colon, name = path.name.partition(":")
    return path.parent / file, name if colon else "corpus"


def _function(file: Path, name: str) -> Callable[[], Any]:
    spec = importlib.util.spec_from_file_location(f"asrlab_corpus_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Data classes look their module up by name.
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        del sys.modules[spec.name]
        raise CorpusError(f"{file} does not load: {error_words(error)}", hint="correct the file") from error
    function = getattr(module, name, None)
    if not callable(function):
        raise CorpusError(
            f"{file} has no function {name!r}", hint="write it as file.py:function, or name the function corpus"
        )
    loaded: Callable[[], Any] = function
    return loaded

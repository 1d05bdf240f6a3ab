"""The ``--asr-*`` options, and how they become one `Settings`."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import pytest

from asrlab_pytest.tasks import LISTS

if TYPE_CHECKING:
    from asrlab_pytest.errors import ConfigError
    from asrlab_pytest.settings import Settings


class Option(NamedTuple):
    """A command-line option ``--asr-<name>``, which is a key of ``[tool.asrlab]`` as well."""

    name: str
    help: str
    kind: Literal["text", "texts", "number", "seconds", "flag"] = "text"
    choices: tuple[str, ...] | None = None
    metavar: str | None = None

    @property
    def dest(self) -> str:
        return f"asr_{self.name}"

    def add_to(self, group: pytest.OptionGroup) -> None:
        """Register the option with a default of None, so that "not given" differs from every value."""
        flag = f"--asr-{self.name.replace('_', '-')}"
        if self.kind == "flag":
            group.addoption(flag, dest=self.dest, action="store_true", default=None, help=self.help)
        else:
            group.addoption(
                flag,
                dest=self.dest,
                action="append" if self.kind == "texts" else "store",
                type=self._read,
                choices=self.choices,
                metavar=self.metavar,
                default=None,
                help=self.help,
            )

    def _read(self, text: str) -> str | int | float:
        """What a text says; an error quotes it without its secrets, as argparse would not.

        Raises:
            argparse.ArgumentTypeError: it is no number, or none of the choices.
        """
        kind = _TYPES.get(self.kind, str)
        try:
            value: str | int | float = kind(text)
        except ValueError:
            raise _refused(f"invalid {kind.__name__} value: {text!r}") from None
        if self.choices is not None and value not in self.choices:
            raise _refused(f"invalid choice: {text!r} (choose from {', '.join(map(repr, self.choices))})")
        return value


def _refused(words: str) -> argparse.ArgumentTypeError:
    from asrlab_pytest.visible import harmless

    return argparse.ArgumentTypeError(harmless(words))


class Devices(tuple[str, ...]):
    """Devices that can be requested, and those with a number."""

    __slots__ = ()

    def __contains__(self, device: object) -> bool:
        kind, _, number = str(device).partition(":")
        return kind == "cuda" and number.isdecimal() if number else super().__contains__(device)


DEVICES = Devices(("auto", "mps", "cuda", "cuda:N", "cpu"))
_TYPES: dict[str, type] = {"number": int, "seconds": float}

OPTIONS = (
    Option("model", "model to evaluate, by id or glob (repeatable; default: the default set)", "texts", metavar="ID"),
    Option(
        "clip",
        "clips to use, by id, glob, tag or filter such as 'lang:de duration<10' (repeatable; default: all)",
        "texts",
        metavar="CLIP",
    ),
    Option(
        "shard", "shard of the samples to run, such as 1/4, or auto to take it from the Slurm or CI job", metavar="I/N"
    ),
    Option(
        "corpus", "name in [tool.asrlab.corpora], or path of a corpus in any supported format", metavar="NAME_OR_PATH"
    ),
    Option(
        "language", "language of clips that have none, such as en (default: unknown, scored with und)", metavar="CODE"
    ),
    Option("prompts", "prompts for speech synthesis: a folder with a prompts.jsonl, or the file", metavar="PATH"),
    Option("prompt", "prompts to use, by id, glob or tag (repeatable; default: all)", "texts", metavar="PROMPT"),
    Option("dialogues", "dialogues for conversation: a folder with a dialogues.jsonl, or the file", metavar="PATH"),
    Option("dialogue", "dialogues to use, by id, glob or tag (repeatable; default: all)", "texts", metavar="DIALOGUE"),
    Option(
        "judge",
        "model that transcribes synthesized speech (default: Whisper tiny.en or base, whichever is ready, else "
        "pocketsphinx-en-us)",
        metavar="ID",
    ),
    Option("speech", "folder for synthesized speech (default: speech in the store; empty for none)", metavar="PATH"),
    Option(
        "device",
        "device to run on: auto, mps, cuda, cuda:N or cpu (default auto: mps, then cuda, then cpu)",
        choices=DEVICES,
        metavar="DEVICE",
    ),
    Option("require_device", "fail a model that would run on a different device than the requested one", "flag"),
    Option("rounds", "timed transcriptions of each case (default 1)", "number", metavar="N"),
    Option("warmup", "untimed transcriptions after a model is loaded (default 1)", "number", metavar="N"),
    Option("batch_size", "clips to transcribe in one call, if the engine can (default 1)", "number", metavar="N"),
    Option(
        "timeout",
        "time limit for one clip, in seconds (default 600 in CI, else no limit; 0 for none)",
        "seconds",
        metavar="SECONDS",
    ),
    Option(
        "missing",
        "what to do when a model is not available (default: error if it was named, else skip)",
        choices=("skip", "error"),
    ),
    Option("download", "download missing weights if the hub can be reached (default auto)", choices=("auto", "never")),
    Option("self_check", "also transcribe on the CPU in float32, and compare the texts", "flag"),
    Option(
        "profile",
        "decoding profile of models that name none: fair (default), library, fast, or your own",
        metavar="NAME",
    ),
    Option(
        "normalization",
        "text normalization: a profile such as en or und, or your own (default: by the clip's language)",
        metavar="NAME",
    ),
    Option("record", "write each observation to this JSONL file as soon as it is made", metavar="PATH"),
    Option("store", "folder that stores every transcript (default .asrlab; empty for none)", metavar="PATH"),
    Option("resume", "reuse stored transcripts, and transcribe only what is missing", "flag"),
    Option("rescore", "score the transcripts of this record or pytest-benchmark JSON, without a model", metavar="PATH"),
    Option("partial", "accept an --asr-rescore record in which some transcripts are missing", "flag"),
    Option(
        "repeat",
        "number of passes over the clips, to check whether transcripts are stable (default 1)",
        "number",
        metavar="N",
    ),
    Option(
        "witness",
        "ASR model that transcribes the clips for the audit, by id; 'ready' for every model that is (repeatable)",
        "texts",
        metavar="ID",
    ),
    Option(
        "slice",
        "also break the scorecard down by tag, language, group, duration or snr (repeatable)",
        "texts",
        choices=("tag", "language", "group", "duration", "snr"),
    ),
    Option("seed", "random seed (default 0)", "number", metavar="N"),
    Option("baseline", "compare with this baseline, record or pytest-benchmark JSON", metavar="PATH"),
    Option(
        "baseline_model",
        "compare the model NEW with OLD in the baseline (repeatable)",
        "texts",
        metavar="NEW=OLD",
    ),
    Option("update_baseline", "write the baseline from this run instead of comparing with it", "flag"),
    Option("undecided", "what to do when a gate is undecided (default: warn)", choices=("warn", "fail")),
    Option("markdown", "write the results to this Markdown file, for a pull request comment", metavar="PATH"),
    Option("report", "write the results to this HTML file", metavar="HTML"),
    Option("no_audio", "leave audio out of the HTML report", "flag"),
    Option("reference", "model to compare the others' speed with (default: the first that ran)", metavar="ID"),
)


def add_options(parser: pytest.Parser) -> None:
    """Register every option."""
    group = parser.getgroup("asrlab", "speech-recognition evaluation (asrlab)")
    for option in OPTIONS:
        option.add_to(group)


def project_table(start: Path) -> tuple[dict[str, Any], Path]:
    """The ``[tool.asrlab]`` table of the nearest ``pyproject.toml`` at or above a folder, and its folder.

    An empty table and the folder itself where there is none.

    Raises:
        ConfigError: the file is not TOML.
    """
    path = _project_file(start)
    if path is None:
        return {}, start
    import tomllib

    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        from asrlab_pytest.errors import ConfigError

        raise ConfigError(f"{path} is not TOML: {error}") from None
    tools = document.get("tool", {})
    if "asrlab" not in tools:
        _refuse_slip(tools, path)
    return tools.get("asrlab", {}), path.parent


_SLIPS = ("asrlabs", "asrlab-pytest", "asrlab_pytest", "asr-lab", "asr_lab", "pytest-asrlab")
"""Names of tables that mean ours."""


def _refuse_slip(tools: Iterable[str], path: Path) -> None:
    """Refuse a table that means ours under another name, and would change nothing."""
    slips = [name for name in tools if name.casefold() in ("asrlab", *_SLIPS)]
    if slips:
        from asrlab_pytest.errors import ConfigError

        raise ConfigError(f"{path}: [tool.{slips[0]}] is not read", hint="write [tool.asrlab]")


def _project_file(start: Path) -> Path | None:
    """The nearest ``pyproject.toml`` at or above a folder."""
    paths = (folder / "pyproject.toml" for folder in (start, *start.parents))
    return next((path for path in paths if path.is_file()), None)


def resolve_settings(config: pytest.Config) -> tuple[Settings, Path]:
    """The run's settings and the folder that relative paths start from.

    Raises:
        ConfigError: an option or a key of ``[tool.asrlab]`` is wrong.
    """
    standing = {f"{config.inipath}: addopts": config.getini("addopts"), "PYTEST_ADDOPTS": _of_environment()}
    for place, arguments in standing.items():
        if "--asr-update-baseline" in with_files(arguments):
            raise _always_written(f"{place}: with --asr-update-baseline")
    _refuse_repeated([*with_files(map(str, config.invocation_params.args))])
    table, root = project_table(config.rootpath)
    given = _given(config)
    _refuse_unused(given)
    return settings_of(table, root, given, config.invocation_params.dir), root


def _of_environment() -> list[str]:
    """The options of each run in this environment; pytest says what is wrong with their quotes."""
    with suppress(ValueError):
        return shlex.split(os.environ.get("PYTEST_ADDOPTS", ""))
    return []


_OF_MODELS = ("self_check", "require_device", "rounds", "repeat", "batch_size", "witness")
"""Options that only a model can follow."""


def _refuse_unused(given: Mapping[str, Any]) -> None:
    unused = [f"--asr-{name.replace('_', '-')}" for name in _OF_MODELS if name in given]
    if unused and given.get("rescore"):
        from asrlab_pytest.errors import ConfigError

        raise ConfigError(
            f"--asr-rescore runs no model, so {', '.join(unused)} would check nothing",
            hint="run the models again without --asr-rescore, or leave the other out",
        )


_FILES = ("record", "rescore", "baseline", "markdown", "report")
_INPUTS = (*LISTS.values(), "shard")


def _refuse_repeated(arguments: Sequence[str]) -> None:
    """Refuse an option whose first value would be neither read nor written, as the same one follows with another."""
    for name in (*_FILES, *_INPUTS):
        flag = f"--asr-{name}"
        values = [argument.partition("=")[2] for argument in arguments if argument.startswith(f"{flag}=")]
        values += [value for argument, value in pairwise(arguments) if argument == flag]
        if len({os.path.normpath(value) for value in values}) > 1:
            from asrlab_pytest.errors import ConfigError

            hint = "name one file" if name in _FILES else f"run pytest once for each {name.removesuffix('s')}"
            raise ConfigError(f"{flag} is given with {' and with '.join(values)}", hint=hint)


def with_files(arguments: Iterable[str]) -> Iterator[str]:
    """Arguments of pytest, and those in files that they name (``@options.txt``), one a line."""
    for argument in arguments:
        yield argument
        if argument.startswith("@"):
            # pytest says what is wrong with a file that cannot be read.
            with suppress(OSError, UnicodeDecodeError):
                yield from with_files(Path(argument[1:]).read_text(encoding="utf-8").splitlines())


def settings_of(table: Mapping[str, Any], root: Path, given: Mapping[str, Any], here: Path) -> Settings:
    """The settings of a project, overridden by a command line.

    Args:
        table: ``[tool.asrlab]``.
        root: The project's folder.
        given: Values of options, by name.
        here: The folder that paths of the command line are relative to.

    Raises:
        ConfigError: an option or a key is wrong.
    """
    from asrlab_pytest.content import expanded_path
    from asrlab_pytest.remote import is_url
    from asrlab_pytest.settings import validated

    given = {**given}
    project = validated(table, source=f"{root / 'pyproject.toml'}: [tool.asrlab]")
    if project.update_baseline:
        raise _always_written(f"{root / 'pyproject.toml'}: [tool.asrlab]: with update_baseline")
    for name in (*LISTS.values(), "rescore", "store", "speech", "baseline"):
        is_name = name == "corpus" and given.get(name) in project.corpora
        if given.get(name) and not is_name and not is_url(given[name]):
            path = _from(root, here / expanded_path(given[name]))
            # The "./" tells the path from the name of a corpus.
            given[name] = os.path.join(os.curdir, path) if name == "corpus" else path  # noqa: PTH118
    return validated({**table, **given}, source="command line") if given else project


def _always_written(place: str) -> ConfigError:
    from asrlab_pytest.errors import ConfigError

    return ConfigError(
        f"{place}, no run would compare with the baseline",
        hint="remove it, and write the baseline with --asr-update-baseline on the command line",
    )


def _from(root: Path, path: Path) -> str:
    """A path of the command line, which starts where pytest was called, as one that starts at the project."""
    return os.path.relpath(path, root) if root in path.parents else str(path)


def is_asked(config: pytest.Config) -> bool:
    """Whether the command line or the project may ask for something. No TOML is parsed."""
    if _given(config):
        return True
    path = _project_file(config.rootpath)
    return path is not None and b"asrlab" in path.read_bytes()


def log_file(config: pytest.Config) -> str | None:
    """The file that pytest's own logging overwrites when it starts; None if there is none."""
    given = config.getoption("log_file", None)
    # Without the plugin that logs, the ini value is unknown.
    return given or (config.getini("log_file") if config.pluginmanager.hasplugin("logging") else None) or None


def asked_for(config: pytest.Config) -> Mapping[str, Any]:
    """What the command line and ``[tool.asrlab]`` ask for, unchecked; nothing where that is not a table.

    Raises:
        ConfigError: the ``pyproject.toml`` is not TOML.
    """
    table, _ = project_table(config.rootpath)
    given = _given(config)
    return {**table, **given} if isinstance(table, dict) else given


def _given(config: pytest.Config) -> dict[str, Any]:
    """The values of the options that the command line states, by the options' names."""
    stated = vars(config.option)
    return {option.name: value for option in OPTIONS if (value := stated.get(option.dest)) is not None}

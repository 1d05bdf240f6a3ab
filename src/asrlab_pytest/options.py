"""The ``--asr-*`` options, and how they become one `Settings`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import pytest

if TYPE_CHECKING:
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
        """Register the option with a default of None, so that "not given" can be told from every value."""
        flag = f"--asr-{self.name.replace('_', '-')}"
        if self.kind == "flag":
            group.addoption(flag, dest=self.dest, action="store_true", default=None, help=self.help)
        else:
            group.addoption(
                flag,
                dest=self.dest,
                action="append" if self.kind == "texts" else "store",
                type=_TYPES.get(self.kind, str),
                choices=self.choices,
                metavar=self.metavar,
                default=None,
                help=self.help,
            )


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
        "shard", "part of the chosen samples, such as 1/4, or auto for that of this job of Slurm or CI", metavar="I/N"
    ),
    Option("corpus", "name in [tool.asrlab.corpora], or path of a corpus in any known form", metavar="NAME_OR_PATH"),
    Option(
        "language", "language of clips that state none, such as en (default: not known, scored by und)", metavar="CODE"
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
    Option("speech", "folder that speech is kept in (default: speech in the store; empty for none)", metavar="PATH"),
    Option(
        "device", "device to run on (default auto: mps, then cuda, then cpu)", choices=("auto", "mps", "cuda", "cpu")
    ),
    Option("require_device", "fail a model that would run on another device than the one asked for", "flag"),
    Option("rounds", "timed transcriptions of each case (default 1)", "number", metavar="N"),
    Option("warmup", "untimed transcriptions after a model is loaded (default 1)", "number", metavar="N"),
    Option(
        "timeout",
        "seconds that a model may take for a clip (default 600 in CI, else no limit; 0 for none)",
        "seconds",
        metavar="SECONDS",
    ),
    Option(
        "missing",
        "what to do with a model that is not ready (default: error if asked for by name, else skip)",
        choices=("skip", "error"),
    ),
    Option("download", "fetch missing weights where a hub answers (default auto)", choices=("auto", "never")),
    Option("self_check", "compare each text with the same model's on the CPU in float32", "flag"),
    Option(
        "profile", "how models decode that state no profile: fair (default), library, fast, or your own", metavar="NAME"
    ),
    Option(
        "normalization",
        "rules that make texts comparable: a profile such as en or und, or your own (default: by the clip's language)",
        metavar="NAME",
    ),
    Option("record", "write every observation to this JSONL file as it is made", metavar="PATH"),
    Option("store", "folder that keeps every transcript (default .asrlab; empty for none)", metavar="PATH"),
    Option("resume", "take from the store what is there, and transcribe only the rest", "flag"),
    Option("rescore", "score the transcripts of this record or pytest-benchmark JSON, without a model", metavar="PATH"),
    Option("partial", "accept a record of --asr-rescore that lacks transcripts of some cases", "flag"),
    Option("repeat", "passes over the clips, to see whether a model repeats itself (default 1)", "number", metavar="N"),
    Option(
        "witness",
        "ASR model that transcribes the clips before the audit judges them, by id; 'ready': all that are (repeatable)",
        "texts",
        metavar="ID",
    ),
    Option(
        "slice",
        "also break the scorecard down by tag, language, group or duration (repeatable)",
        "texts",
        choices=("tag", "language", "group", "duration"),
    ),
    Option("seed", "random seed (default 0)", "number", metavar="N"),
    Option("baseline", "compare with this baseline, record or pytest-benchmark JSON", metavar="PATH"),
    Option(
        "baseline_model",
        "compare the model NEW with what the baseline has of OLD (repeatable)",
        "texts",
        metavar="NEW=OLD",
    ),
    Option("update_baseline", "write the baseline from this run, instead of comparing with it", "flag"),
    Option("undecided", "what to do with a gate that cannot tell (default: warn)", choices=("warn", "fail")),
    Option("markdown", "write the results to this Markdown file, as a comment on a pull request", metavar="PATH"),
    Option("reference", "model that the others' speed is compared with (default: the first that ran)", metavar="ID"),
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
    return document.get("tool", {}).get("asrlab", {}), path.parent


def _project_file(start: Path) -> Path | None:
    """The nearest ``pyproject.toml`` at or above a folder."""
    paths = (folder / "pyproject.toml" for folder in (start, *start.parents))
    return next((path for path in paths if path.is_file()), None)


def resolve_settings(config: pytest.Config) -> tuple[Settings, Path]:
    """The run's settings and the folder that relative paths start from.

    Raises:
        ConfigError: an option or a key of ``[tool.asrlab]`` is wrong.
    """
    from asrlab_pytest.settings import validated

    table, root = project_table(config.rootpath)
    given = _given(config)
    project = validated(table, source=f"{root / 'pyproject.toml'}: [tool.asrlab]")
    for name in ("corpus", "prompts", "dialogues", "rescore", "store", "speech", "baseline"):
        is_name = name == "corpus" and given.get(name) in project.corpora
        if given.get(name) and not is_name:
            path = _from(root, config.invocation_params.dir / Path(given[name]).expanduser())
            # The "./" tells the path from the name of a corpus.
            given[name] = os.path.join(os.curdir, path) if name == "corpus" else path  # noqa: PTH118
    return (validated({**table, **given}, source="command line") if given else project), root


def _from(root: Path, path: Path) -> str:
    """A path of the command line, which starts where pytest was called, as one that starts at the project."""
    return os.path.relpath(path, root) if root in path.parents else str(path)


def is_asked(config: pytest.Config) -> bool:
    """Whether the command line or the project may ask for something. No TOML is parsed to tell."""
    if _given(config):
        return True
    path = _project_file(config.rootpath)
    return path is not None and b"asrlab" in path.read_bytes()


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

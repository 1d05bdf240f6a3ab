"""Errors for people: what is wrong, where, and the command that fixes it."""

from __future__ import annotations


class AsrlabError(Exception):
    """Something a person can put right. It is shown as its text, without a traceback.

    Args:
        problem: What is wrong and where (file, line, clip, model).
        hint: The command or change that solves it.
    """

    def __init__(self, problem: str, *, hint: str = "") -> None:
        # Every pytest run in the environment imports this file, and hardly any raises an error.
        from asrlab_pytest.visible import harmless

        self.problem = harmless(problem)
        self.hint = harmless(hint)
        super().__init__(self.problem)

    @property
    def in_one_line(self) -> str:
        """The problem and its hint in one line, for lists and records; its commands are not adapted to the project."""
        return f"{self.problem} (hint: {self.hint})" if self.hint else self.problem

    def __str__(self) -> str:
        from asrlab_pytest.hints import runnable

        return f"{self.problem}\n  hint: {runnable(self.hint)}" if self.hint else self.problem


class ConfigError(AsrlabError):
    """An option or a ``[tool.asrlab]`` table is wrong."""


class CorpusError(AsrlabError):
    """A manifest cannot be read, so no clip of it can be used."""


class ClipError(AsrlabError):
    """One clip's audio cannot be used; the other clips are not touched by it."""


class ModelError(AsrlabError):
    """A model is unknown, not ready, or does not load."""


class TranscriptionError(AsrlabError):
    """An engine failed on one clip."""


class AsrlabWarning(UserWarning):
    """Something that was asked for and not done, in a run that was narrowed on purpose; or a doubtful setting."""


class AsrGateWarning(AsrlabWarning):
    """A gate is undecided, or passed although one speaker became much worse."""

"""What comes from data (ids, texts, tags, what engines raise) on its way to a screen or a log: seen, and not obeyed."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from asrlab_pytest.secrets import without_secrets

if TYPE_CHECKING:
    import warnings

_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_OTHER_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]|\n(?=[^\S\n]*::)")
"""Line breaks other than ours: our own lines end with a line feed, and none of them begins with two colons."""
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Characters that are shown by their number: controls, those that turn the direction of what follows, and halves."""
_COMMAND = re.compile(r"^(?=[^\S\n]*::)|(?<=##)(?=\[)", re.MULTILINE)
"""Where a command of GitHub Actions would begin, which it finds in each line of a log."""


def visible(text: str) -> str:
    """A text on one line, in which nothing acts that cannot be seen."""
    return _numbered(_BREAKS.sub("↵", text).replace("\t", " "))


def error_words(error: BaseException) -> str:
    """An error as its kind and its message on one line; also one that raises when it is printed."""
    return f"{type(error).__name__}: {visible(error_message(error))}"


def error_message(error: BaseException) -> str:
    """An error's message, even if its `__str__` raises."""
    try:
        return str(error)
    except KeyboardInterrupt:
        raise
    except BaseException as other:  # noqa: BLE001 - as the engine itself, it may neither skip a test nor end the run
        return f"(no message: {type(other).__name__} when it was printed)"


def harmless(text: str) -> str:
    """Lines of ours with data in them, in which nothing acts that cannot be seen and no line is a command to CI."""
    return _COMMAND.sub(r"\\", _numbered(_OTHER_BREAKS.sub("↵", without_secrets(text))))


def _numbered(text: str) -> str:
    return _INVISIBLE.sub(lambda match: f"U+{ord(match[0]):04X}", text)


class Screen(Protocol):
    """What lines are written to: pytest's `TerminalReporter`, or a stream."""

    def section(self, title: str, sep: str = "=", **markup: bool) -> None: ...
    def write_line(self, line: str, **markup: bool) -> None: ...


@dataclass(eq=False, repr=False)
class HarmlessLines:
    """Makes lines harmless on their way to a screen."""

    screen: Screen

    def section(self, title: str, sep: str = "=", **markup: bool) -> None:
        """A title in the middle of a rule."""
        self.screen.section(harmless(title), sep=sep, **markup)

    def write_line(self, line: str, **markup: bool) -> None:
        """A line."""
        self.screen.write_line(harmless(line), **markup)


class PlainScreen:
    """Writes what a report says to a stream, without colour.

    Args:
        stream: Where to.
        width: Columns of a title's rule; the terminal's, or 80, where it is None.
    """

    def __init__(self, stream: TextIO, width: int | None = None) -> None:
        self._stream = stream
        self._width = width or shutil.get_terminal_size((80, 24)).columns

    def section(self, title: str, sep: str = "=", **markup: bool) -> None:  # noqa: ARG002 - no colour here
        """A title in the middle of a rule."""
        self.write_line(f" {harmless(title)} ".center(self._width, sep))

    def write_line(self, line: str, **markup: bool) -> None:  # noqa: ARG002
        """A line."""
        self._stream.write(f"{harmless(line)}\n")


@dataclass(eq=False, repr=False)
class DiscreetStream:
    """Standard error without secrets, whoever writes to it; progress keeps its control characters."""

    stream: Any

    def write(self, text: str) -> int:
        """Write a part of a line, or lines."""
        self.stream.write(without_secrets(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write lines, which have their ends."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@dataclass(eq=False, repr=False)
class HarmlessStream(DiscreetStream):
    """Standard output whose text is harmless: what would act is written as an escape, which JSON reads as itself."""

    _is_within_a_line: bool = False

    def write(self, text: str) -> int:
        """Write a part of a line, or lines."""
        shown = _INVISIBLE.sub(_escape, _OTHER_BREAKS.sub(_escape, without_secrets(text)))
        before = "." if self._is_within_a_line else ""
        shown = _COMMAND.sub(r"\\", before + shown.replace("##[", r"##\u005b"))[len(before) :]
        if text:
            self._is_within_a_line = not text.endswith("\n")
        self.stream.write(shown)
        return len(text)


def _escape(match: re.Match[str]) -> str:
    return "".join(f"\\u{ord(character):04x}" for character in match[0])


def as_id(name: str) -> str:
    """A name as a part of a node id, which pytest escapes already, but for the older commands of GitHub Actions."""
    return name.replace("##[", "## [")


def make_harmless(shown: Any) -> Any:
    """What pytest shows of a test (`longrepr`), made harmless in its place; a text or a reason is returned again."""
    if isinstance(shown, str):
        return harmless(shown)
    if isinstance(shown, tuple):
        return tuple(harmless(part) if isinstance(part, str) else part for part in shown)
    alone = (getattr(shown, "reprtraceback", None), getattr(shown, "reprcrash", None), None)
    for traceback, crash, _ in getattr(shown, "chain", [alone]):
        _make_harmless(crash, "message")
        for entry in getattr(traceback, "reprentries", ()):
            entry.lines[:] = map(harmless, entry.lines)
            for inner in (getattr(entry, "reprlocals", None), getattr(entry, "reprfuncargs", None)):
                lines = getattr(inner, "lines", None) or getattr(inner, "args", None) or []
                lines[:] = map(make_harmless, lines)
    _make_harmless(getattr(shown, "reprcrash", None), "message")
    return shown


def make_subtest_harmless(report: Any) -> None:
    """Make harmless, in its place, what is shown of a part of a test: pytest adds this after it made the report."""
    context = getattr(report, "context", None)
    if context is not None:
        values = {name: make_harmless(value) for name, value in context.kwargs.items()}
        report.context = type(context)(msg=make_harmless(context.msg), kwargs=values)
        report.sections = [(name, harmless(content)) for name, content in report.sections]


def make_error_harmless(error: BaseException) -> None:
    """Make harmless, in their place, the messages of an error and of those it comes from: other plugins keep them."""
    for link in _chain(error):
        arguments = make_harmless(link.args)
        if arguments != link.args:
            link.args = arguments
        _make_harmless(link, "msg")


def _chain(error: BaseException) -> list[BaseException]:
    """An error, those it was raised from or while handling, and the parts of groups; each once."""
    links: list[BaseException] = []
    waiting = [error]
    while waiting:
        link = waiting.pop()
        if all(link is not other for other in links):
            links.append(link)
            parts = getattr(link, "exceptions", ())
            waiting += [part for part in (link.__cause__, link.__context__, *parts) if isinstance(part, BaseException)]
    return links


def make_warning_harmless(message: warnings.WarningMessage) -> None:
    """Make harmless, in its place, what a warning says."""
    text = str(message.message)
    shown = harmless(text)
    if shown != text:
        message.message = shown


def _make_harmless(holder: Any, name: str) -> None:
    text = getattr(holder, name, None)
    if isinstance(text, str):
        setattr(holder, name, harmless(text))

"""Files at a URL such as s3://bucket/run.jsonl, read and written through fsspec, which is imported for these alone."""

from __future__ import annotations

import atexit
import re
import shlex
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from asrlab_pytest.content import expanded_path
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.secrets import without_secrets

PERIOD = 300.0
"""Seconds between two uploads of a file that grows."""
SHARE = 20
"""How many times as long as an upload took the next one waits at least."""
_BLOCK = 1 << 20
_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_MISSING = re.compile(r"(?:nstall (?:the )?|requires (?!to be ))(.+?) (?:package|to|for|and use|installed)\b")
"""The packages in an error of fsspec: Install s3fs to access S3; HTTPFileSystem requires "aiohttp" to be installed."""
_VERSION = ("size", "ETag", "etag", "generation", "md5Hash", "last_modified", "mtime", "created")
"""What tells one version of a file from another, in the words of different stores."""


def is_url(text: str) -> bool:
    """Whether a text is a URL and not a path."""
    return _URL.match(text) is not None


def input_file(text: str) -> Path:
    """A file to read, by its path or URL."""
    return _copy_of(text) if is_url(text) else Path(text)


def local_path(text: str, folder: Path = Path()) -> Path:
    """A path, from a folder, where nothing at a URL is read or written: it would be a folder called "https:".

    Raises:
        ConfigError: it is a URL, or in the home folder of a user who does not exist.
    """
    if is_url(text):
        raise ConfigError(f"{text} is a URL, and not a path", hint="name a file or folder of this machine")
    return folder / expanded_path(text)


class Remote:
    """A file at a URL.

    Args:
        url: Of any kind that fsspec knows.
    """

    def __init__(self, url: str) -> None:
        self.url = without_secrets(url)
        self._whole_url = url

    def version(self) -> dict[str, object] | None:
        """What its present version is known by; None if there is no file.

        Raises:
            ConfigError: it cannot be reached.
        """
        with self._reaching("reached") as (store, path):
            store.invalidate_cache()
            try:
                info = store.info(path)
            except FileNotFoundError:
                return None
            return {key: info[key] for key in _VERSION if key in info}

    def download(self, to: Path) -> None:
        """Copy it to a path.

        Raises:
            ConfigError: there is none, or it cannot be reached.
        """
        to.parent.mkdir(parents=True, exist_ok=True)
        with self._reaching("read") as (store, path):
            store.get_file(path, str(to))

    def upload(self, file: Path) -> None:
        """Replace it.

        Raises:
            ConfigError: it cannot be written.
        """
        with self._reaching("written") as (store, path):
            store.put_file(str(file), path)

    def path_in(self, folder: Path) -> Path:
        """A path of its own in a folder."""
        parts = (part.strip(".") for part in re.split(r"[/:?#&]+", self.url))
        return folder.joinpath(*filter(None, parts))

    @cached_property
    def _place(self) -> tuple[Any, str]:
        from fsspec.core import url_to_fs

        store, path = url_to_fs(self._whole_url)
        return store, path

    @contextmanager
    def _reaching(self, done: str) -> Iterator[tuple[Any, str]]:
        problem = f"{self.url} cannot be {done}"
        try:
            yield self._place
        except ModuleNotFoundError:
            raise ConfigError(f"{problem}: fsspec is not installed", hint="uv add fsspec") from None
        except ImportError as error:
            raise ConfigError(f"{problem}: {error}", hint=_installation(error)) from None
        except FileNotFoundError as error:
            raise ConfigError(f"{problem}: there is no such file or folder", hint="check the URL") from error
        except Exception as error:
            reason = without_secrets(str(error)) or type(error).__name__
            hint = "check the URL, the network and the credentials"
            raise ConfigError(f"{problem}: {reason}", hint=hint) from error


def _installation(error: ImportError) -> str:
    """How to install what fsspec says is missing, or what it could not import."""
    named = _MISSING.search(str(error))
    names = [name for name in re.findall(r"[\w.\[\]-]+", named[1]) if name not in ("and", "or")] if named else []
    if not names and isinstance(error.__cause__, ModuleNotFoundError) and error.__cause__.name:
        names = [error.__cause__.name.partition(".")[0]]
    return f"uv add {shlex.join(names)}" if names else "install what it names"


class Output:
    """A file to write: at a path, or at a URL by way of a copy, which is uploaded now and then.

    Args:
        text: The path or URL.
        folder: Where the copy is kept until all of it is uploaded. It goes on with the copy of an earlier process.

    Raises:
        ConfigError: the URL cannot be reached.
    """

    def __init__(self, text: str, folder: Path) -> None:
        self._remote = Remote(text) if is_url(text) else None
        self.path = self._remote.path_in(folder) if self._remote else Path(text)
        """Where it is written."""
        self._seen: dict[str, object] | None = None
        """The version at the URL that this process knows."""
        self._uploaded: tuple[int, int] | None = None
        self._due = 0.0
        if self._remote is not None:
            self._fetch(self._remote)

    def _fetch(self, remote: Remote) -> None:
        """Take what is at the URL, unless the copy of an earlier process goes on from there."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._seen = remote.version()
        if self._seen is None:
            return
        fetched = self.path.with_name(f"{self.path.name}.fetched")
        remote.download(fetched)
        if not self.path.exists() or _continues(fetched, self.path):
            fetched.replace(self.path)
            self._uploaded = _mark(self.path)
        elif not _continues(self.path, fetched):
            fetched.unlink()
            raise ConfigError(
                f"{self.path} was not uploaded by an earlier process, and {remote.url} has other lines",
                hint=f"keep one of them: rm {shlex.quote(str(self.path))}",
            )
        fetched.unlink(missing_ok=True)

    def upload(self) -> bool:
        """Upload what was written since the last time; whether there was anything.

        Raises:
            ConfigError: it cannot be written, or somebody else has written it.
        """
        if self._remote is None or not self.path.exists() or _mark(self.path) == self._uploaded:
            return False
        begun, mark = time.monotonic(), _mark(self.path)
        self._due = begun + PERIOD
        try:
            is_ours = self._remote.version() == self._seen
            if is_ours:
                self._remote.upload(self.path)
                self._seen, self._uploaded = self._remote.version(), mark
        except ConfigError as error:
            hint = f"{error.hint}; then run the same command again, or {self._copied_to(self._remote.url)}"
            raise ConfigError(error.problem, hint=hint) from error
        if not is_ours:
            raise ConfigError(
                f"{self._remote.url} was changed by another process, so it is not replaced",
                hint=self._copied_to(f"{self._remote.url}.copy"),
            )
        self._due += SHARE * (time.monotonic() - begun)
        return True

    def upload_if_due(self) -> None:
        """Upload what was written, if the last time is long enough ago."""
        if self._remote is not None and time.monotonic() >= self._due:
            self.upload()

    def discard_copy(self) -> None:
        """Delete the copy, once all of it is at the URL."""
        if self._remote is not None:
            self.path.unlink(missing_ok=True)

    def _copied_to(self, url: str) -> str:
        """How a person copies it, in words."""
        copy = f'import fsspec; fsspec.open("{url}").fs.put_file("{self.path}", "{url}")'
        return f"copy what was written: {shlex.join(['python', '-c', copy])}"


def _continues(path: Path, earlier: Path) -> bool:
    """Whether a file begins with another one."""
    with path.open("rb") as file, earlier.open("rb") as beginning:
        return all(file.read(len(block)) == block for block in iter(lambda: beginning.read(_BLOCK), b""))


def _mark(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


if TYPE_CHECKING:
    from pathlib import Path as _Path
else:
    # Before Python 3.12 only the class of the system's paths can be subclassed.
    _Path = type(Path())


class _Copy(_Path):
    """A copy of a file at a URL: shown as the URL, and made when its path is first used."""

    remote: Remote | None = None
    is_there = False

    def __str__(self) -> str:
        return self.remote.url if self.remote else super().__str__()

    def __fspath__(self) -> str:
        if self.remote and not self.is_there:
            self.remote.download(Path(self))
            self.is_there = True
        return super().__str__()


@cache
def _copy_of(url: str) -> Path:
    remote = Remote(url)
    copy = _Copy(remote.path_in(_folder()))
    copy.remote = remote
    return copy


@cache
def _folder() -> Path:
    folder = mkdtemp(prefix="asrlab-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)

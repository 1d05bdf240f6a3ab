"""Where a run was made: all that is needed to reproduce it, and nothing secret."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil

from asrlab_pytest.content import real_path
from asrlab_pytest.models.support.common import installed_version

PACKAGES = (
    "asrlab-pytest",
    "ctranslate2",
    "faster-whisper",
    "jiwer",
    "numpy",
    "onnxruntime",
    "openai-whisper",
    "piper-tts",
    "pocketsphinx",
    "pytest",
    "pytest-benchmark",
    "rapidfuzz",
    "soundfile",
    "soxr",
    "torch",
    "whisper-normalizer",
)
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def environment(root: Path) -> dict[str, object]:
    """The machine, the software and the state of the project at `root`, as plain JSON."""
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "git": git_state(root),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "os": platform.platform(),
        "cpu": _cpu_name(),
        "cores": {"physical": psutil.cpu_count(logical=False), "logical": psutil.cpu_count()},
        "memory_bytes": psutil.virtual_memory().total,
        "load_average": list(os.getloadavg()) if hasattr(os, "getloadavg") else None,
        "accelerator": _accelerator(),
        "packages": {name: version for name in PACKAGES if (version := installed_version(name))},
        "thread_variables": {name: os.environ[name] for name in _THREAD_VARIABLES if name in os.environ},
    }


def git_state(root: Path) -> dict[str, object] | None:
    """``{"commit", "dirty"}``; None outside a git checkout."""
    folders = (root, *root.absolute().parents)
    if "GIT_DIR" not in os.environ and not any((folder / ".git").exists() for folder in folders):
        return None
    git = ("git", "-C", str(root))
    commit = _output(*git, "rev-parse", "HEAD")
    return None if commit is None else {"commit": commit, "dirty": bool(_output(*git, "status", "--porcelain"))}


def is_tracked(folder: Path) -> bool:
    """Whether git has a file of a folder, whoever owns the checkout, and whatever the folder is made to look like."""
    real = real_path(folder)
    git = ("git", "-c", "safe.directory=*", "-C", str(real.parent))
    if not folder.is_dir():
        return False
    listed = _output(*git, "ls-files", "--", real.name)
    return _is_in_index(real) if listed is None else bool(listed)


def _is_in_index(folder: Path) -> bool:
    """Whether the index of the checkout around a folder names a file of it, as where git is not installed."""
    for root in folder.parents:
        with suppress(OSError):
            return f"{folder.relative_to(root).as_posix()}/".encode() in (root / ".git" / "index").read_bytes()
    return False


def _output(*command: str) -> str | None:
    if shutil.which(command[0]) is None:
        return None
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _cpu_name() -> str:
    if platform.system() == "Darwin":
        return _output("sysctl", "-n", "machdep.cpu.brand_string") or platform.processor()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def _accelerator() -> str | None:
    """Name and driver of the first GPU; None if there is none."""
    if platform.system() == "Darwin" and platform.machine() == "arm64":
        return f"Apple GPU of {_cpu_name()} (macOS {platform.mac_ver()[0]})"
    query = _output("nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader")
    return query.splitlines()[0] if query else None

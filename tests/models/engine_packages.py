"""Packages with an engine in them, installed for one test."""

import sys

import pytest

from asrlab_pytest.models import engine as engines


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Installs a package with a module and an engine in it."""

    def put(name, code, entry):
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[asrlab.engines]\n{entry}\n", encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, name, raising=False)
        forget()

    def forget():
        engines._entry_points.cache_clear()
        engines.engine.cache_clear()

    yield put
    monkeypatch.undo()
    forget()

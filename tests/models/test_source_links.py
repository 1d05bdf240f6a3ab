"""The sources of an engine include the folders that it links to."""

from importlib.metadata import EntryPoint

from asrlab_pytest.models import source


def test_linked_folders(tmp_path, monkeypatch):
    """Code in a linked folder counts, a linked folder of data does not, and links in a circle end."""
    package, shared, data = (tmp_path / name for name in ("linked_engine", "shared", "data"))
    for folder in (package, shared, data):
        folder.mkdir()
    (package / "__init__.py").write_text("")
    (shared / "words.py").write_text("WORD = 'one'")
    (data / "one.txt").write_text("one")
    (package / "shared").symlink_to(shared)
    (package / "data").symlink_to(data)
    (shared / "back").symlink_to(package)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(source, "entry_point", lambda name: EntryPoint(name, "linked_engine:Engine", "asrlab.engines"))

    first = source.source_digest("first")
    (data / "one.txt").write_text("two")
    assert source.source_digest("after data") == first
    (shared / "words.py").write_text("WORD = 'two'")
    assert source.source_digest("after code") != first

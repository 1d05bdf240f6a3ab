"""The sources of an engine that does not come from an index are told apart where its version stays the same."""

import json
from importlib.metadata import EntryPoint, distribution

import pytest

from asrlab_pytest.models import source
from asrlab_pytest.models.support.common import forget_hashes, hash_path


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Installs a package that an engine needs, as an installer would from an address; returns the engine's digest."""
    site = tmp_path / "site"
    calls = iter(range(99))

    def install(origin, code="WORD = 'one'", table='{"a": 1}', stamp="pip", links=None):
        files = {
            **(links or {}),
            "needed_package/__init__.py": code,
            "needed_package/rules.json": table,
            "needed_package-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: needed-package\nVersion: 1.0\n",
            "needed_package-1.0.dist-info/INSTALLER": stamp,
            "needed_package-1.0.dist-info/direct_url.json": json.dumps(origin),
        }
        files["needed_package-1.0.dist-info/RECORD"] = "".join(f"{name},,\n" for name in [*files, "../bin/needed"])
        for name, text in {**files, "../bin/needed": stamp}.items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_text(text)
        assert distribution("needed-package").version == "1.0"
        return source.source_digest(f"engine {next(calls)}", ("needed-package",))

    monkeypatch.syspath_prepend(site)
    monkeypatch.setattr(source, "entry_point", lambda name: EntryPoint(name, "json:Engine", "asrlab.engines"))
    monkeypatch.setattr(source, "_is_installed", lambda module: True)
    return install


def test_a_commit(installed):
    """A package from a repository is the same on one commit, and another one on another."""
    first = installed({"url": "https://ex.org/x.git", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}})

    assert installed({"url": "https://ex.org/x.git", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}}) == first
    assert installed({"url": "https://ex.org/x.git", "vcs_info": {"vcs": "git", "commit_id": "decade"}}) != first


@pytest.mark.parametrize(
    "origin", [{"url": "https://ex.org/x.whl", "archive_info": {}}, {"url": "file:///x", "dir_info": {}}]
)
def test_an_archive(installed, origin):
    """A package from an archive or a folder is told by its code and data, and not by how it was installed."""
    first = installed(origin)

    assert installed(origin, stamp="uv") == first
    assert installed(origin, code="WORD = 'two'") != first
    assert installed(origin, table='{"a": 2}') != first


def test_a_project_without_src(installed, tmp_path):
    """Of an editable project its packages and modules count, with their data, and not what a run writes beside them."""
    project = tmp_path / "project"
    (project / "needed_package").mkdir(parents=True)
    (project / "evals").mkdir()
    origin = {"url": project.as_uri(), "dir_info": {"editable": True}}
    (project / "needed_package" / "__init__.py").write_text("")
    digests = [installed(origin)]

    for name in ("results.json", "evals/test_accuracy.py", "README.md"):
        (project / name).write_text("another")
    assert installed(origin) == digests[0]
    for name in ("needed_package/rules.json", "helper.py"):
        (project / name).write_text("another")
        digests.append(installed(origin))

    assert len({*digests}) == 3


LAYOUTS = {
    "src": ("src/needed/__init__.py", "_needed.pth", "{project}/src\n"),
    "python": ("python/needed/__init__.py", "needed.pth", "import sys\n{project}/python\n"),
    "flat": ("needed/__init__.py", "needed.pth", "{project}\n"),
    "namespace": ("acme/needed/__init__.py", "needed.pth", "{project}"),
    "extension": ("needed/__init__.py", "needed.pth", "{project}"),
    "setuptools": (
        "lib/code/__init__.py",
        "__editable___needed_finder.py",
        "MAPPING: dict[str, str] = {{'needed': '{project}/lib/code'}}\n",
    ),
    "unknown": ("acme/needed/__init__.py", "needed.txt", ""),
}
"""Where the code of an editable project is, and the installed file that leads there, with its content."""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_of_projects(installed, tmp_path, layout):
    """Of an editable project, code that is importable counts wherever it lies, and what a run writes beside it not."""
    module, name, text = LAYOUTS[layout]
    project = tmp_path / "project"
    for path in (module, "src/extension.c" if layout == "extension" else "README.md", "results/a.json"):
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text("WORD = 'one'")
    origin = {"url": project.as_uri(), "dir_info": {"editable": True}}
    links = {name: text.format(project=project)}
    first = installed(origin, links=links)

    (project / "results" / "a.json").write_text("another")
    assert installed(origin, links=links) == first
    (project / module).write_text("WORD = 'two'")
    assert installed(origin, links=links) != first


def test_large_data(tmp_path):
    """Data of megabytes count by their content, in folders below and behind links too; their names count as well."""
    folder, linked = tmp_path / "lexicon", tmp_path / "linked"
    (folder / "en").mkdir(parents=True)
    linked.mkdir()
    (linked / "back").symlink_to(folder)
    (folder / "de").symlink_to(linked)
    (folder / "en" / "words.json").write_bytes(b"a" * (3 << 20))
    first = source.folder_digest(folder)

    (folder / "en" / "words.json").write_bytes(b"b" * (3 << 20))
    second = source.folder_digest(folder)
    (linked / "words.json").write_text("{}")
    third = source.folder_digest(folder)
    (linked / "words.json").rename(linked / "other.json")

    assert len({first, second, third, source.folder_digest(folder)}) == 4


def test_weights_behind_links(tmp_path):
    """Weights in a folder that a link leads to count with the folder's name, and a circle of links ends."""
    folder, shared = tmp_path / "weights", tmp_path / "shared"
    folder.mkdir()
    shared.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "sub").symlink_to(shared)
    (shared / "back").symlink_to(folder)
    (shared / "model.bin").write_text("one")
    first = hash_path(folder)

    forget_hashes()
    (shared / "model.bin").write_text("two")
    second = hash_path(folder)
    (folder / "sub").rename(folder / "other")

    assert len({first, second, hash_path(folder)}) == 3

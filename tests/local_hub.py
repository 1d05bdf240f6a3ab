"""A hub of model repositories on this machine."""

import hashlib
import json
import threading
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@contextmanager
def running(monkeypatch, repository, folder):
    """A running hub that has this folder's files as a repository. It has a `url`, and `files` to add to."""
    # urllib keeps the proxies of its first request, and other tests name one that refuses everything.
    monkeypatch.setattr(urllib.request, "_opener", None)
    handler = type("OurHub", (Hub,), {"repository": repository, "folder": folder, "files": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.files = handler.files
        server.url = f"http://127.0.0.1:{server.server_port}"
        yield server
        server.shutdown()


class Hub(BaseHTTPRequestHandler):
    """Serves the files of `folder` as the model repository of this name, and any path in `files` as it is."""

    repository = None
    folder = None
    files = None

    def do_HEAD(self):
        self._answer(body=False)

    def do_GET(self):
        self._answer(body=True)

    def _answer(self, *, body):
        content = self._content()
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", self._commit())
        self.end_headers()
        if body:
            self.wfile.write(content)

    def _commit(self):
        """The commit that is asked for, or the one that `main` is."""
        asked = self.path.partition("/resolve/")[2].partition("/")[0]
        return asked if len(asked) == len(COMMIT) else COMMIT

    def _content(self):
        path = self.path.partition("?")[0]
        if path in self.files:
            return self.files[path]
        if path.startswith(f"/api/models/{self.repository}/tree/"):
            return json.dumps(
                [
                    {"type": "file", "path": name, "size": file.stat().st_size, "oid": COMMIT}
                    for name, file in self._own_files()
                ]
            ).encode()
        if path.startswith(f"/api/models/{self.repository}"):
            siblings = [{"rfilename": name} for name, _ in self._own_files()]
            return json.dumps({"id": self.repository, "sha": COMMIT, "siblings": siblings}).encode()
        if not path.startswith(f"/{self.repository}/resolve/"):
            return None
        file = self.folder / path.partition("/resolve/")[2].partition("/")[2]
        return file.read_bytes() if file.is_file() else None

    def _own_files(self):
        return [(path.relative_to(self.folder).as_posix(), path) for path in self.folder.rglob("*") if path.is_file()]

    def log_message(self, *args):
        pass

"""Serve a Whisper model with faster-whisper at /v1/audio/transcriptions, to try the engine openai-api on.

python tools/transcription_server.py WEIGHTS

Listens on a free port of this machine and prints the address. The key that it expects is in the environment variable
TRANSCRIPTION_KEY.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Handler(BaseHTTPRequestHandler):
    """Answers one form with a clip."""

    protocol_version = "HTTP/1.1"
    model: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/v1/audio/transcriptions":
            self.answer(404, {"error": {"message": f"no {self.path} here"}})
        elif self.headers["Authorization"] != f"Bearer {os.environ['TRANSCRIPTION_KEY']}":
            self.answer(401, {"error": {"message": "wrong key"}})
        else:
            self.answer(200, transcript(self.model, form(body, self.headers["Content-Type"])))

    def answer(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: standard error belongs to the run."""


def form(body: bytes, content_type: str) -> dict[str, bytes]:
    """The fields of a form, by name."""
    boundary = content_type.partition("boundary=")[2].encode()
    fields = {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = re.search(rb' name="([^"]+)"', head)
        assert name is not None
        fields[name[1].decode()] = content.removesuffix(b"\r\n")
    return fields


def transcript(model: Any, fields: dict[str, bytes]) -> dict[str, Any]:
    """The JSON of a transcript, verbose on request. Greedy, like the profile "fair"."""
    language = fields["language"].decode() if "language" in fields else None
    segments, found = model.transcribe(
        io.BytesIO(fields["file"]),
        language=language,
        beam_size=1,
        temperature=float(fields.get("temperature", b"0")),
        condition_on_previous_text=False,
    )
    parts = [{"text": each.text, "start": each.start, "end": each.end} for each in segments]
    text = "".join(str(part["text"]) for part in parts).strip()
    verbose = {"language": found.language, "segments": parts}
    return {"text": text, **(verbose if fields.get("response_format") == b"verbose_json" else {})}


def main(weights: str) -> None:
    from faster_whisper import WhisperModel

    Handler.model = WhisperModel(weights, device="cpu", compute_type="float32")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        sys.stdout.write(f"http://127.0.0.1:{server.server_port}/v1\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python tools/transcription_server.py WEIGHTS")
    main(sys.argv[1])

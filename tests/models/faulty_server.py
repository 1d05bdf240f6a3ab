"""A server of transcripts in a process of its own, with a fault for each path: ``/FAULT/v1/audio/transcriptions``."""

import json
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SAID = {"text": "hello world"}
VERBOSE = {
    **SAID,
    "language": "english",
    "segments": [{"text": "hello", "start": 0, "end": 1, "avg_logprob": -0.5}, {"text": "world", "start": 1, "end": 2}],
    "words": [{"word": "hello", "start": 0.1, "end": 0.8}, {"word": "world", "start": 1.1, "end": 1.9}],
}
ANSWERS = {
    "page": "<html>sign in</html>",
    "list": ["hello"],
    "null": {"text": None},
    "both": {**SAID, "error": {"message": "stopped at 3 s"}},
    "errors": {**SAID, "errors": ["stopped at 3 s"]},
    "fine": {**SAID, "error": None, "errors": []},
    "odd": {"text": "a", "segments": [{"text": "a"}]},
}
COUNTS = Counter()
SEEN = {}
LOCK = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(200, {"counts": COUNTS, "seen": SEEN})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self.path.split("/")[1]
        with LOCK:
            COUNTS[fault] += 1
            number = COUNTS[fault]
            SEEN[fault] = {"headers": dict(self.headers), "form": body.decode("latin-1")}
        if fault in ANSWERS:
            self.answer(200, ANSWERS[fault])
        elif fault.isdigit() and fault < "300":
            self.answer(int(fault), SAID)
        elif fault.isdigit():
            self.answer(int(fault), {"error": {"message": f"told by the server, key {self.headers['Authorization']}"}})
        else:
            getattr(self, fault)(number, body)

    def plain(self, number, body):
        self.answer(200, VERBOSE if b"verbose_json" in body else SAID)

    def flaky(self, number, body):
        self.answer(*((503, {}) if number < 3 else (200, SAID)))

    def patient(self, number, body):
        self.answer(*((429, {}) if number == 1 else (200, SAID)), **{"Retry-After": "1"})

    def long(self, number, body):
        self.answer(429, {}, **{"Retry-After": "3600"})

    def moved(self, number, body):
        self.answer(307, {}, Location="http://elsewhere.invalid/")

    def hangs(self, number, body):
        time.sleep(2)
        self.close_connection = True

    def drops(self, number, body):
        self.close_connection = True

    def trickles(self, number, body):
        self.begin(1000)
        for _ in range(20):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.1)

    def short(self, number, body):
        self.begin(1000)
        self.wfile.write(b'{"text": "hel')

    def together(self, number, body):
        with LOCK:
            COUNTS["at_once"] += 1
            COUNTS["most"] = max(COUNTS["most"], COUNTS["at_once"])
        time.sleep(0.1)
        with LOCK:
            COUNTS["at_once"] -= 1
        self.answer(200, SAID)

    def begin(self, length):
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.close_connection = True

    def answer(self, code, content, **headers):
        body = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(code)
        for name, value in {**headers, "Content-Length": len(body)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()

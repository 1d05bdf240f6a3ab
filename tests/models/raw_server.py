"""A server program that breaks HTTP and JSON byte by byte, with a fault for each path."""

import gzip
import re
import socketserver
import sys
import time

TRICKLED = {
    "head": (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
    "status": (b"", b"H"),
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1"),
    "unauthorized": (b"HTTP/1.1 401 No\r\nContent-Length: 9999\r\n\r\n", b"a"),
    "endless": (b"HTTP/1.1 200 OK\r\n\r\n", b" " * 10),
}
"""What is sent first, and then byte by byte as long as anybody reads."""
BODIES = {
    "deep": b"[" * 100_000,
    "inside": b'{"text": "a", "more": ' + b"[" * 100_000,
    "integer": b'{"text": "a", "segments": [{"text": "a", "start": 1' + b"0" * 400 + b', "end": 2}]}',
    "nothing": b"",
    "segment": b'{"text": "a", "segments": [{"text": null, "start": 0, "end": 1}]}',
    "cut": b'{"text": "hel',
    "latin": '{"text": "h\u00e9"}'.encode("latin-1"),
    "gzip": gzip.compress(b'{"text": "hello"}'),
    "key": b"x" * 40 + b"KEY" + b"x" * 100,
}
ANSWERS = {
    "ssh": b"SSH-2.0-OpenSSH_9.2\r\n",
    "headers": b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(300)) + b"\r\n",
    "nested": b"HTTP/1.1 400 No\r\nContent-Length: 60000\r\n\r\n" + b"[" * 60_000,
    "target": b"HTTP/1.1 302 Found\r\nLocation: http://KEY.example/\r\nContent-Length: 0\r\n\r\n",
    "nowhere": b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
    "forever": b"HTTP/1.1 429 No\r\nRetry-After: inf\r\nContent-Length: 0\r\n\r\n",
    "text": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nhello world",
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhel",
}


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        fault = self.rfile.readline().split(b"/")[1].decode()
        if fault == "early":
            self.wfile.write(b"HTTP/1.1 413 Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        key = self.request_read()
        if fault in TRICKLED:
            self.trickle(*TRICKLED[fault])
        elif fault == "flood":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                self.wfile.write(b" " * 65_536)
        elif fault in BODIES:
            body = BODIES[fault].replace(b"KEY", key)
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        else:
            self.wfile.write(ANSWERS[fault].replace(b"KEY", key))

    def request_read(self):
        """Read the whole request; its key."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.rfile.readline()
        self.rfile.read(int(re.search(rb"Content-Length: (\d+)", head, re.IGNORECASE)[1]))
        return re.search(rb"Bearer (\S+)", head)[1]

    def trickle(self, first, rest):
        self.wfile.write(first)
        for _ in range(100):
            self.wfile.write(rest)
            time.sleep(0.05)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Many faults make the client stop reading."""


if __name__ == "__main__":
    with Server(("127.0.0.1", 0), Handler) as server:
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever()

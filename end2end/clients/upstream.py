"""A model server that does what a well-behaved one never would: raw sockets, every byte in the test's hand.

A test gives a function that is called with each request as it came in, and writes whatever it likes.
"""

import contextlib
import gzip
import json
import select
import socket
import threading
import time


class Request:
    """One request, its body read according to its framing."""

    def __init__(self, link, line, headers, body):
        self.link = link
        self.line = line
        self.method, self.target, self.version = line.split(" ")
        # As they came: names keep their order and may repeat.
        self.header_list = headers
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


class Link:
    """A connection from the gateway, as the answering side."""

    def __init__(self, sock):
        self.sock = sock
        self.reader = sock.makefile("rb")

    def send(self, data):
        self.sock.sendall(data)

    def head(self, status=200, headers=(), reason="OK"):
        lines = [f"HTTP/1.1 {status} {reason}"] + [f"{name}: {value}" for name, value in headers]
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    def answer(self, body, status=200, media="application/json", headers=()):
        """A whole answer with its length."""
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self.head(status, [("Content-Type", media), ("Content-Length", len(body)), *headers])
        self.send(body)

    def begin_stream(self, headers=(), media="text/event-stream"):
        self.head(200, [("Content-Type", media), ("Transfer-Encoding", "chunked"), *headers])

    def chunk(self, data):
        self.send(b"%x\r\n%s\r\n" % (len(data), data))

    def end_stream(self):
        self.send(b"0\r\n\r\n")

    def stream(self, data, headers=(), size=None, media="text/event-stream"):
        """A whole stream, cut into chunks of `size` bytes."""
        self.begin_stream(headers, media)
        for at in range(0, len(data), size or len(data)):
            self.chunk(data[at:at + (size or len(data))])
        self.end_stream()

    def closed_within(self, seconds):
        """Seconds until the other side closes the connection; fails when it does not."""
        began = time.monotonic()
        readable, _, _ = select.select([self.sock], [], [], seconds)
        assert readable, f"the connection was not closed within {seconds} s"
        with contextlib.suppress(ConnectionResetError):
            assert self.sock.recv(1) == b"", "bytes instead of an end"
        return time.monotonic() - began

    def reset(self):
        """Ends with a TCP reset instead of a proper close."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        # A file object keeps the socket open; a reset is sent when the last of them is closed.
        self.reader.close()
        self.sock.close()

    def close(self):
        # Not the reader: another thread may be in it, and its lock would be waited for.
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()


class Upstream:
    """Listens on a port of its own; `behave(link, request)` answers."""

    def __init__(self, behave, receive_buffer=None):
        self.behave = behave
        self.requests = []
        self.faults = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        if receive_buffer:
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.port = self.listener.getsockname()[1]
        self.links = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link = Link(sock)
            self.links.append(link)
            threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link):
        try:
            while request := read(link):
                self.requests.append(request)
                self.behave(link, request)
        except (OSError, ValueError):
            pass
        except AssertionError as fault:
            self.faults.append(fault)
        finally:
            link.close()

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for link in self.links:
            link.close()
        assert not self.faults, self.faults


def read(link):
    """The next request of a connection; nothing when it has ended."""
    line = link.reader.readline().decode("latin-1").strip()
    if not line:
        return None
    headers = []
    while text := link.reader.readline().decode("latin-1").rstrip("\r\n"):
        name, value = text.split(":", 1)
        headers.append((name, value.strip()))
    known = {name.lower(): value for name, value in headers}
    if known.get("transfer-encoding", "").lower() == "chunked":
        body = b""
        while size := int(link.reader.readline().split(b";")[0], 16):
            body += link.reader.read(size)
            link.reader.readline()
        link.reader.readline()
    else:
        body = link.reader.read(int(known.get("content-length", 0)))
    return Request(link, line, headers, body)


# The protocol's own bytes.

def chat(content, finish="stop", **message):
    """A whole chat completion."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content, **message}, "finish_reason": finish}
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice],
            "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}}


def delta(index=0, finish=None, **delta):
    """One chunk of a streamed chat completion."""
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m",
            "choices": [{"index": index, "delta": delta, "finish_reason": finish}]}


def event(data):
    if not isinstance(data, (bytes, str)):
        data = json.dumps(data)
    if isinstance(data, str):
        data = data.encode()
    return b"data: " + data + b"\n\n"


DONE = event("[DONE]")


def says(pieces, done=True):
    """A streamed answer of one choice, bytes: these pieces of text, one event each."""
    out = event(delta(role="assistant", content=""))
    out += b"".join(event(delta(content=piece)) for piece in pieces)
    out += event(delta(finish="stop"))
    return out + (DONE if done else b"")


def text_of(stream, index=0):
    """What a streamed answer says, from its bytes."""
    out = ""
    for line in stream.decode().splitlines():
        if line.startswith("data: {"):
            for choice in json.loads(line[6:]).get("choices", []):
                if choice["index"] == index:
                    out += choice["delta"].get("content") or ""
    return out


def gzipped(data):
    return gzip.compress(data, 6)

"""A client with every byte in the test's hand, for what a library would not send or would not let through."""

import socket
import time


class Raw:
    """One TCP connection to the gateway."""

    def __init__(self, gateway, receive_buffer=None):
        self.sock = socket.socket()
        if receive_buffer:
            # Before the connection is made, or the window is already wide.
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(20)
        self.sock.connect(("127.0.0.1", gateway.port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data):
        self.sock.sendall(data)

    def request(self, line, headers=(), body=b""):
        text = line + "\r\nHost: gateway\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n"
        self.send(text.encode("latin-1") + body)

    def until(self, mark, seconds=10):
        """Reads until `mark` has come; gives everything read."""
        got = b""
        end = time.monotonic() + seconds
        while mark not in got:
            assert time.monotonic() < end, got[-500:]
            piece = self.sock.recv(65536)
            assert piece, f"ended without {mark}: {got[-500:]}"
            got += piece
        return got

    def to_the_end(self):
        got = b""
        try:
            while piece := self.sock.recv(1 << 20):
                got += piece
        except ConnectionResetError:
            pass
        return got

    def close(self):
        self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def exchange(gateway, line, headers=(), body=b""):
    """One request on a connection that closes after it: status, headers and body of the answer."""
    with Raw(gateway) as link:
        link.request(line, [("Authorization", f"Bearer {gateway.token}"), ("Connection", "close"), *headers], body)
        return parted(link.to_the_end())


def parted(data):
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = [line.split(": ", 1) for line in lines[1:]]
    return int(lines[0].split(" ")[1]), {name.lower(): value for name, value in headers}, body


def unchunked(body):
    out = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        count = int(size, 16)
        if count == 0:
            return out
        out, body = out + rest[:count], rest[count + 2:]
    raise AssertionError("the chunked body has no end")

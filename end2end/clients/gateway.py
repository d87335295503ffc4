"""The real server, started once for a suite, and everything a test may ask of it.

It is driven as people drive it: the printed set-up link, the forms over HTTP, the pages. What is on record is read from
the database it runs, because the pages show it a moment later and not byte by byte.
"""

import contextlib
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse
import uuid
from dataclasses import dataclass

import httpx
import psycopg

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery"
INTENT, OUTCOME = 2, 4


def eventually(ask, seconds=10.0, what="it"):
    """Polls until `ask` gives something true, and gives that."""
    end = time.monotonic() + seconds
    while True:
        got = ask()
        if got:
            return got
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        time.sleep(0.01)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Connection:
    """A connection as clients see it."""

    name: str
    url: str
    port: int
    secret: str


class Gateway:
    """A running server with one administrator, who is signed in."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="countersign-clients-"))
        # As root the server hands its Postgres to another account, which must be able to enter.
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.log_path = self.folder / "server.log"
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        program = os.environ.get("COUNTERSIGN_BIN", ROOT / "target/debug/countersign")
        environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        self.log_file = self.log_path.open("wb")
        self.process = subprocess.Popen(
            [program, "serve", "--data-dir", self.data, "--listen", f"127.0.0.1:{self.port}", "--sample-model", "off"],
            stdout=self.log_file, stderr=subprocess.STDOUT, env=environment, cwd=ROOT,
        )
        self.cookies = {}
        self.pages = httpx.Client(base_url=self.origin, timeout=20)
        self.sql_connection = None
        try:
            self.token_owner_setup()
        except BaseException:
            self.stop()
            raise

    def token_owner_setup(self):
        def link():
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended: {self.log()}")
            return re.search(r"setup\?token=([\w-]+)", self.log())

        token = eventually(link, 60, "the set-up link").group(1)
        self.form("/setup", token=token, login="root", display_name="Root", password=PASSWORD, password_again=PASSWORD)
        self.token = self.issue_token()

    # What the administrator does.

    def request(self, method, path, **more):
        headers = {"Origin": self.origin}
        if self.cookies:
            # The cookie is Secure, so a client library does not send it to http by itself.
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.pages.request(method, path, headers=headers, **more)
        for cookie in answer.headers.get_list("set-cookie"):
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer

    def form(self, path, **fields):
        answer = self.request("POST", path, data=fields)
        assert answer.status_code < 400, (answer.status_code, re.sub(r"<[^>]+>", " ", answer.text)[:2000])
        return answer

    def page(self, path):
        answer = self.request("GET", path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def connection(self, port, base="/v1", **settings):
        """Makes a connection to a port of this machine and waits until the data path knows it."""
        name = "c-" + secrets.token_hex(6)
        secret = settings.pop("secret", "upstream-key-" + secrets.token_urlsafe(12))
        fields = {
            "name": name, "description": "", "base_url": f"http://127.0.0.1:{port}{base}",
            "credential_kind": "bearer", "secret": secret, "groups": "*",
            "mask_prompt": "on", "mask_response": "on", "enabled": "on",
        } | settings
        self.form("/connections/new", **{k: v for k, v in fields.items() if v is not None})
        # A dot segment is refused by the room that comes after the one that knows the name: nothing reaches the upstream.
        probe = f"{self.origin}/c/{name}/%2e%2e"
        headers = {"Authorization": f"Bearer {self.token}"}
        ready = lambda: httpx.get(probe, headers=headers).json()["error"]["code"] == "unsupported_route"
        eventually(ready, what="the new connection")
        return Connection(name, f"{self.origin}/c/{name}", port, secret)

    def issue_token(self, max_uses="", lifetime=3600):
        fields = {"label": "suite", "lifetime_seconds": str(lifetime), "max_uses": str(max_uses)}
        self.form("/connect", **fields)
        return re.search(r"cs_[\w-]{49}", self.page("/connect?done=token-made")).group(0)

    # What is on record.

    def sql(self, query, *values):
        if self.sql_connection is None:
            url = (self.data / "postgres.url").read_text()
            parts = urllib.parse.urlsplit(url)
            host = urllib.parse.parse_qs(parts.query)["host"][0]
            self.sql_connection = psycopg.connect(
                host=host, port=parts.port, user=parts.username, dbname=parts.path[1:], autocommit=True)
        cursor = self.sql_connection.execute(query, values or None)
        if cursor.description is None:
            return []
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor]

    def record(self, exchange):
        """The closed record of an exchange: `x-countersign-exchange` of its response, or a connection's name."""
        if exchange.startswith("exc_"):
            ask = lambda: self.sql("SELECT * FROM exchange WHERE id = %s AND ended <> 'open'", uuid.UUID(exchange[4:]))
        else:
            ask = lambda: self.sql(
                "SELECT * FROM exchange WHERE connection_name = %s AND ended NOT IN ('open', 'refused')"
                " ORDER BY at DESC LIMIT 1", exchange)
        row = eventually(ask, what="the outcome")[0]
        assert self.kinds(row["id"]) == {INTENT: 1, OUTCOME: 1}, "one intent and one outcome"
        return row

    def kinds(self, exchange):
        """How many intents and outcomes name an exchange in the ledger itself."""
        rows = self.sql(
            "SELECT kind, count(*) AS n FROM ledger_record WHERE kind IN (2, 4) AND position(%s in record) > 0 GROUP BY kind",
            exchange.bytes)
        return {row["kind"]: row["n"] for row in rows}

    def caught_up(self):
        """Waits until the search tables hold every row that the ledger holds now."""
        size = self.sql("SELECT size FROM ledger_head")[0]["size"]
        eventually(lambda: self.sql("SELECT 1 FROM projection_cursor WHERE next_seq >= %s", size), what="the projection")

    def refusals(self, connection, reason, count=1):
        """That there are exactly so many refusals of a connection for a reason on record."""
        # Without a session (the caller is unknown, or not granted) it is among the events.
        ask = lambda: self.sql(
            "SELECT id::text FROM exchange WHERE connection_name = %s AND ended = 'refused' AND reason = %s"
            " UNION ALL SELECT seq::text FROM event WHERE facts->>'event' = 'request.refused'"
            " AND facts->>'subject' = %s AND facts->'detail' @> jsonb_build_array(jsonb_build_array('reason', %s::text))",
            connection, reason, connection, reason)
        # A refusal is on record before it is answered.
        self.caught_up()
        assert len(ask()) == count, f"refusals with {reason}"

    def intents(self, connection):
        """How many requests of a connection were put on record as about to be sent."""
        self.caught_up()
        return self.sql(
            "SELECT count(*) AS n FROM exchange WHERE connection_name = %s AND ended <> 'refused'", connection)[0]["n"]

    def transcript(self, row):
        """The page that shows a session."""
        return self.page(f"/sessions/ses_{row['session_id'].hex}")

    def log(self):
        return self.log_path.read_text(errors="replace")

    def resident(self):
        """Resident memory of the server process, bytes."""
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text())[1]) << 10

    def stop(self):
        if self.sql_connection is not None:
            self.sql_connection.close()
        self.pages.close()
        self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(30)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log_file.close()
        shutil.rmtree(self.folder, ignore_errors=True)

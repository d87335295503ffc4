"""After everything else: no planted value and no credential in any column of the database, page or log."""

import re

import planted
from gateway import eventually


def forbidden(gateway):
    return [*planted.ALL, gateway.token, "topsecret"]


def test_the_ledger_holds(gateway):
    """Every exchange of the whole run: one intent, one outcome, none left open; and the chain verifies."""
    eventually(lambda: gateway.sql("SELECT count(*) AS n FROM ledger_open_intent") == [{"n": 0}], what="the last outcome")
    counts = {row["kind"]: row["n"] for row in gateway.sql("SELECT kind, count(*) AS n FROM ledger_record GROUP BY kind")}
    assert counts.get(2, 0) == counts.get(4, 0)
    gateway.form("/audit/verify", now="yes")
    page = re.sub(r"<[^>]+>", " ", gateway.page("/audit"))
    assert re.search(r"(?i)verified|holds", page), page[:3000]


def test_no_column_of_the_database(gateway):
    tables = gateway.sql(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")
    assert len(tables) > 10
    for table in (row["table_name"] for row in tables):
        for value in forbidden(gateway):
            # A row as text holds its bytea columns in hex.
            found = gateway.sql(
                f'SELECT count(*) AS n FROM "{table}" AS t WHERE position(%s in t::text) > 0 OR position(%s in t::text) > 0',
                value, value.encode().hex())
            assert found == [{"n": 0}], (table, value)


def test_the_scan_finds_what_is_there(gateway):
    """The scan itself can fail: it finds a text and a bytea that are known to be stored."""
    assert gateway.sql("SELECT count(*) AS n FROM person AS t WHERE position('root' in t::text) > 0") == [{"n": 1}]
    leaf = gateway.sql("SELECT leaf_hash FROM ledger_record WHERE seq = 0")[0]["leaf_hash"]
    assert gateway.sql("SELECT count(*) AS n FROM ledger_record AS t WHERE position(%s in t::text) > 0", leaf.hex())[0]["n"] >= 1


def test_no_log(gateway):
    logs = [gateway.log_path, *gateway.data.rglob("*.log")]
    assert len(logs) >= 2, logs
    for path in logs:
        text = path.read_text(errors="replace")
        for value in forbidden(gateway):
            assert value not in text, (path, value)


def test_no_page(gateway):
    """The sealed contents, as an auditor reads them: every session of the run."""
    sessions = gateway.sql("SELECT id FROM session")
    pages = ["/", "/sessions", "/connections", "/audit", *(f"/sessions/ses_{row['id'].hex}" for row in sessions)]
    for path in pages:
        text = gateway.page(path)
        for value in forbidden(gateway):
            assert value not in text, (path, value)

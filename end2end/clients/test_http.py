"""HTTP itself, both ways: framing, methods, paths, headers."""

import json
import uuid

import httpx
import pytest

import planted
from raw import Raw, exchange, parted, unchunked
from upstream import DONE, chat, event, gzipped, says, text_of

BODY = json.dumps({"model": "m", "messages": [{"role": "user", "content": f"I am {planted.EMAIL}"}]}).encode()
STREAM = json.dumps({"model": "m", "messages": [], "stream": True}).encode()
JSON = ("Content-Type", "application/json")


def headers_of(gateway, *more):
    return [("Authorization", f"Bearer {gateway.token}"), JSON, *more]


def masked(request):
    return request.json["messages"][0]["content"] == f"I am {planted.EMAIL_LABEL}"


def test_expect_100_continue(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("ok")))
    with Raw(gateway) as client:
        client.request(f"POST /c/{connection.name}/chat/completions HTTP/1.1",
                       headers_of(gateway, ("Expect", "100-continue"), ("Content-Length", len(BODY)), ("Connection", "close")))
        client.until(b"HTTP/1.1 100 Continue\r\n\r\n")
        client.send(BODY)
        status, _, _ = parted(client.to_the_end())
    assert status == 200 and masked(upstream.requests[0])
    assert "expect" not in upstream.requests[0].headers


def test_expect_is_answered_with_the_refusal_and_no_body_is_asked_for(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("no")))
    with Raw(gateway) as client:
        client.request(f"POST /c/{connection.name}/chat/completions HTTP/1.1",
                       [("Authorization", "Bearer wrong"), JSON, ("Expect", "100-continue"), ("Content-Length", 1_000_000)])
        assert parted(client.until(b"\r\n\r\n"))[0] == 401
    assert upstream.requests == []


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_chunked_request(gateway, behind, size):
    upstream, connection = behind(lambda link, request: link.answer(chat("ok")))
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(BODY[at:at + size]), BODY[at:at + size]) for at in range(0, len(BODY), size))
    status, _, _ = exchange(gateway, f"POST /c/{connection.name}/chat/completions HTTP/1.1",
                            [JSON, ("Transfer-Encoding", "chunked")], chunks + b"0\r\n\r\n")
    assert status == 200 and masked(upstream.requests[0])
    # Read whole, so sent with its length.
    assert "transfer-encoding" not in upstream.requests[0].headers


def test_chunked_request_over_the_limit(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("no")), request_bytes="2000")
    chunk = b"%x\r\n%s\r\n" % (1000, b"x" * 1000)
    status, _, body = exchange(gateway, f"POST /c/{connection.name}/chat/completions HTTP/1.1",
                               [JSON, ("Transfer-Encoding", "chunked")], chunk * 5 + b"0\r\n\r\n")
    assert (status, json.loads(body)["error"]["code"]) == (413, "body_too_large")
    assert upstream.requests == []


def test_a_request_body_that_ends_early_is_not_sent_on(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("no")))
    with Raw(gateway) as client:
        client.request(f"POST /c/{connection.name}/chat/completions HTTP/1.1",
                       headers_of(gateway, ("Content-Length", len(BODY) + 10)), BODY)
    # The next request is answered, and the broken one never reached the upstream.
    assert exchange(gateway, f"POST /c/{connection.name}/chat/completions HTTP/1.1",
                    [JSON, ("Content-Length", len(BODY))], BODY)[0] == 200
    assert len(upstream.requests) == 1


def test_length_and_chunked_together_cannot_smuggle(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("ok")))
    smuggled = b"0\r\n\r\nGET /c/x/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    with Raw(gateway) as client:
        client.request(f"POST /c/{connection.name}/chat/completions HTTP/1.1",
                       headers_of(gateway, ("Content-Length", len(smuggled)), ("Transfer-Encoding", "chunked"), ("Connection", "close")),
                       smuggled)
        got = client.to_the_end()
    assert got.count(b"HTTP/1.1 ") <= 1
    assert len(upstream.requests) <= 1


def test_gzipped_request(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("ok")))
    packed = gzipped(BODY)
    status, _, _ = exchange(gateway, f"POST /c/{connection.name}/chat/completions HTTP/1.1",
                            [JSON, ("Content-Encoding", "gzip"), ("Content-Length", len(packed))], packed)
    assert status == 200 and masked(upstream.requests[0])
    assert "content-encoding" not in upstream.requests[0].headers


def test_unknown_request_coding_is_refused(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("no")))
    status, _, body = exchange(gateway, f"POST /c/{connection.name}/chat/completions HTTP/1.1",
                               [JSON, ("Content-Encoding", "br"), ("Content-Length", 3)], b"abc")
    assert (status, json.loads(body)["error"]["code"]) == (415, "unsupported_content_encoding")
    assert upstream.requests == []


def test_http_1_0_client(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("ok")))
    with Raw(gateway) as client:
        client.request(f"POST /c/{connection.name}/chat/completions HTTP/1.0", headers_of(gateway, ("Content-Length", len(BODY))), BODY)
        status, headers, body = parted(client.to_the_end())
    assert status == 200 and masked(upstream.requests[0]) and upstream.requests[0].version == "HTTP/1.1"
    assert json.loads(body)["choices"][0]["message"]["content"] == "ok"


def test_http_1_0_client_gets_a_stream_without_chunks(gateway, behind):
    upstream, connection = behind(lambda link, request: link.stream(says(["Hello"])))
    with Raw(gateway) as client:
        client.request(f"POST /c/{connection.name}/chat/completions HTTP/1.0", headers_of(gateway, ("Content-Length", len(STREAM))), STREAM)
        status, headers, body = parted(client.to_the_end())
    assert status == 200 and "transfer-encoding" not in headers
    assert text_of(body) == "Hello" and body.endswith(DONE)


def test_http_1_0_upstream(gateway, behind):
    def behave(link, request):
        data = json.dumps(chat(planted.EMAIL)).encode()
        link.send(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + data)
        link.close()

    upstream, connection = behind(behave)
    status, _, body = exchange(gateway, f"POST /c/{connection.name}/chat/completions HTTP/1.1", [JSON, ("Content-Length", len(BODY))], BODY)
    assert (status, json.loads(body)["choices"][0]["message"]["content"]) == (200, planted.EMAIL_LABEL)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "POST"])
def test_any_method_passes_with_its_body_masked(gateway, behind, method):
    upstream, connection = behind(lambda link, request: link.answer({"owner": planted.EMAIL}))
    body = b"" if method in ("GET", "DELETE", "OPTIONS") else json.dumps({"note": planted.SSN}).encode()
    more = [JSON, ("Content-Length", len(body))] if body else []
    status, _, answer = exchange(gateway, f"{method} /c/{connection.name}/files/7 HTTP/1.1", more, body)
    assert (status, json.loads(answer)) == (200, {"owner": planted.EMAIL_LABEL})
    assert upstream.requests[0].line == f"{method} /v1/files/7 HTTP/1.1"
    if body:
        assert upstream.requests[0].json == {"note": planted.SSN_LABEL}
    row = gateway.record(connection.name)
    assert (row["method"], row["path"], row["ended"]) == (method, "files/7", "completed")


def test_head(gateway, behind):
    def behave(link, request):
        link.head(200, [("Content-Type", "application/json"), ("Content-Length", "1234")])

    upstream, connection = behind(behave)
    status, headers, body = exchange(gateway, f"HEAD /c/{connection.name}/models HTTP/1.1")
    assert (status, headers["content-length"], body) == (200, "1234", b"")
    assert gateway.record(connection.name)["ended"] == "completed"


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_a_body(gateway, behind, status):
    upstream, connection = behind(lambda link, request: link.head(status, reason="x"))
    got, headers, body = exchange(gateway, f"DELETE /c/{connection.name}/files/7 HTTP/1.1")
    assert (got, body) == (status, b"")
    assert gateway.record(connection.name)["ended"] == "completed"


def test_connect_and_trace_are_not_forwarded(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("no")))
    status, _, body = exchange(gateway, f"TRACE /c/{connection.name}/x HTTP/1.1")
    assert (status, json.loads(body)["error"]["code"]) == (404, "unsupported_route")
    assert upstream.requests == []


# Paths.

@pytest.mark.parametrize("path", ["../admin", "a/../../admin", "%2e%2e/admin", "a/%2E%2e/b", "a/..%2fadmin", "%252e%252e/admin", "a\\..\\b", "./x", "a%00b", "a%0d%0ab"])
def test_paths_cannot_climb_out(gateway, behind, path):
    upstream, connection = behind(lambda link, request: link.answer(chat("no")))
    status, _, body = exchange(gateway, f"GET /c/{connection.name}/{path} HTTP/1.1")
    assert status in (400, 404)
    assert upstream.requests == []


def test_the_base_path_is_put_before_and_everything_else_stays(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer({"ok": True}), base="/deep/base/")
    status, _, _ = exchange(gateway, f"GET /c/{connection.name}/a//b%20c;d=1?x=%41&y=1+2&flag HTTP/1.1")
    assert status == 200
    assert upstream.requests[0].target == "/deep/base/a//b%20c;d=1?x=%41&y=1+2&flag"


@pytest.mark.parametrize("tail, target", [("", "/v1"), ("/", "/v1"), ("?a=1", "/v1?a=1")])
def test_the_connection_alone_is_the_base_path(gateway, behind, tail, target):
    upstream, connection = behind(lambda link, request: link.answer({"ok": True}))
    assert exchange(gateway, f"GET /c/{connection.name}{tail} HTTP/1.1")[0] == 200
    assert upstream.requests[0].target == target


def test_sensitive_values_in_path_query_and_headers(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer({"ok": True}))
    mail = planted.EMAIL.replace("@", "%40")
    status, _, _ = exchange(
        gateway, f"GET /c/{connection.name}/users/{mail}?q=card+4111+1111+1111+1111&plain=yes&ssn={planted.SSN} HTTP/1.1",
        [("User-Agent", f"tool/1 ({planted.EMAIL})"), ("X-Stainless-Lang", "python"), ("OpenAI-Project", planted.EMAIL_2),
         ("X-Customer", planted.EMAIL), ("Cookie", f"mail={planted.EMAIL}"), ("Referer", f"http://x/{planted.EMAIL}"),
         ("X-Forwarded-For", "203.0.113.9")])
    assert status == 200
    seen = upstream.requests[0]
    everything = seen.line + str(seen.header_list)
    for value in (planted.EMAIL, mail, planted.EMAIL_2, planted.SSN, "4111", "203.0.113.9"):
        assert value not in everything
    assert "plain=yes" in seen.target and "EMAIL_ADDRESS" in seen.target
    assert seen.headers["x-stainless-lang"] == "python"
    row = gateway.record(connection.name)
    assert row["path"] == f"users/{planted.EMAIL_LABEL}"


# Headers that belong to one hop.

def test_hop_by_hop_headers_of_the_request_stay_here(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("ok")))
    exchange(gateway, f"POST /c/{connection.name}/chat/completions HTTP/1.1",
             [JSON, ("Connection", "OpenAI-Hop"), ("OpenAI-Hop", "1"), ("Keep-Alive", "timeout=5"), ("TE", "trailers"),
              ("Proxy-Authorization", "Basic eDp5"), ("Upgrade", "websocket"), ("Content-Length", len(BODY))], BODY)
    seen = upstream.requests[0].headers
    for name in ("openai-hop", "keep-alive", "te", "proxy-authorization", "upgrade", "connection"):
        assert name not in seen
    assert seen["host"] == f"127.0.0.1:{connection.port}"


def test_hop_by_hop_headers_of_the_answer_stay_here(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("ok"), headers=[
        ("Connection", "X-Hop"), ("X-Hop", "1"), ("Keep-Alive", "timeout=5"), ("Proxy-Authenticate", "Basic"),
        ("Trailer", "X-T"), ("Upgrade", "h2c"), ("Set-Cookie", "a=b"), ("Strict-Transport-Security", "max-age=1"),
        ("X-Request-Id", "theirs"), ("X-Countersign-Receipt", "forged"), ("OpenAI-Processing-Ms", "12"), ("X-RateLimit-Remaining", "3")]))
    status, headers, _ = exchange(gateway, f"POST /c/{connection.name}/chat/completions HTTP/1.1", [JSON, ("Content-Length", len(BODY))], BODY)
    for name in ("x-hop", "keep-alive", "proxy-authenticate", "trailer", "upgrade", "set-cookie", "strict-transport-security"):
        assert name not in headers
    assert headers["openai-processing-ms"] == "12" and headers["x-ratelimit-remaining"] == "3"
    assert headers["x-request-id"].startswith("req_") and headers["x-countersign-receipt"] != "forged"


def test_an_upstream_cannot_forge_what_the_gateway_says(gateway, behind):
    """Not even where the gateway itself says nothing: every x-countersign header is ours."""
    upstream, connection = behind(lambda link, request: link.answer(chat("ok"), headers=[("X-Countersign-Verdict", "forged")]))
    _, headers, _ = exchange(gateway, f"POST /c/{connection.name}/chat/completions HTTP/1.1", [JSON, ("Content-Length", len(BODY))], BODY)
    assert "x-countersign-verdict" not in headers


def test_the_request_id_of_the_upstream_is_the_gateways(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("ok")))
    _, headers, _ = exchange(gateway, f"POST /c/{connection.name}/chat/completions HTTP/1.1", [JSON, ("Content-Length", len(BODY))], BODY)
    # The same id; upstream as a plain UUID, because servers that check it accept nothing else.
    seen = upstream.requests[0].headers["x-request-id"]
    assert seen == str(uuid.UUID(seen)) and seen.replace("-", "") == headers["x-request-id"].removeprefix("req_")


def test_streams_are_not_to_be_buffered(gateway, behind):
    upstream, connection = behind(lambda link, request: link.stream(says(["Hello"])))
    _, headers, body = exchange(gateway, f"POST /c/{connection.name}/chat/completions HTTP/1.1", [JSON, ("Content-Length", len(STREAM))], STREAM)
    assert headers["content-type"] == "text/event-stream"
    assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store", "no")
    assert text_of(unchunked(body)) == "Hello"


def test_one_connection_serves_many_requests(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("ok")))
    with httpx.Client(headers={"Authorization": f"Bearer {gateway.token}"}) as client:
        for _ in range(20):
            assert client.post(f"{connection.url}/chat/completions", content=BODY, headers={"Content-Type": "application/json"}).status_code == 200
    assert len(upstream.requests) == 20
    # The gateway keeps its connection to the upstream too.
    assert len(upstream.links) == 1

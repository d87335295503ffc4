"""Model servers that misbehave, and the one right answer to each."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

import planted
from gateway import eventually
from raw import Raw
from upstream import DONE, chat, delta, event, gzipped, says, text_of


def post(gateway, connection, body=None, stream=False, timeout=30, **more):
    """A chat request by a plain HTTP client; the whole answer."""
    if body is None:
        body = {"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": stream}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {gateway.token}", "Content-Type": "application/json"} | more.pop("headers", {})
    return httpx.post(f"{connection.url}/chat/completions", content=content, headers=headers, timeout=timeout, **more)


def ended(gateway, answer):
    row = gateway.record(answer.headers["x-countersign-exchange"])
    return row["ended"], row["reason"]


def last_event(answer):
    return json.loads([line for line in answer.text.splitlines() if line.startswith("data: ")][-1][6:])


def each_cut(gateway, connection, cuts):
    """One streamed request for each cut, a few at a time; gives every cut with its answer."""
    with httpx.Client(headers={"Authorization": f"Bearer {gateway.token}"}, timeout=30) as client:
        def one(cut):
            body = {"model": "m", "messages": [], "stream": True, "cut": cut}
            return cut, client.post(f"{connection.url}/chat/completions", json=body)

        with ThreadPoolExecutor(8) as pool:
            yield from pool.map(one, cuts)


# Cutting, coding, size.

SECRET_TEXT = f"mail {planted.EMAIL}, card {planted.CARD_SPACED}, ssn {planted.SSN}, end"
MASKED_TEXT = f"mail {planted.EMAIL_LABEL}, card {planted.CARD_LABEL}, ssn {planted.SSN_LABEL}, end"


def test_a_stream_cut_at_every_byte(gateway, behind):
    """One connection, one answer for every place the bytes can be cut in two, and one byte at a time."""
    stream = says(["mail zelda.qui", "mby@planted.ex", "ample, card 4111 11", "11 1111 1111, ssn 536-", "90-4399, end"])
    first, last = stream.index(b"zelda"), stream.rindex(b"4399")
    cuts = iter(range(first - 8, last + 8))

    def behave(link, request):
        link.begin_stream()
        cut = request.json["cut"]
        if cut == 0:
            for at in range(len(stream)):
                link.chunk(stream[at:at + 1])
        else:
            link.chunk(stream[:cut])
            link.chunk(stream[cut:])
        link.end_stream()

    upstream, connection = behind(behave)
    for cut, answer in each_cut(gateway, connection, [0, *cuts]):
        assert text_of(answer.content) == MASKED_TEXT, cut
        assert answer.content.endswith(DONE), cut


def test_a_value_cut_between_events_at_every_character(gateway, behind):
    def behave(link, request):
        cut = request.json["cut"]
        pieces = [SECRET_TEXT[:cut], SECRET_TEXT[cut:]] if cut else list(SECRET_TEXT)
        link.stream(says(pieces))

    upstream, connection = behind(behave)
    for cut, answer in each_cut(gateway, connection, range(len(SECRET_TEXT))):
        assert text_of(answer.content) == MASKED_TEXT, cut


def test_single_events_of_100_kb(gateway, behind):
    filler = "plain words and more of them, " * 3_400
    pieces = [filler + planted.EMAIL + " " + filler, filler + planted.CARD_SPACED]
    upstream, connection = behind(lambda link, request: link.stream(says(pieces), size=1_400))
    answer = post(gateway, connection, stream=True)
    assert text_of(answer.content) == filler + planted.EMAIL_LABEL + " " + filler * 2 + planted.CARD_LABEL
    assert ended(gateway, answer) == ("completed", None)


def test_gzipped_json(gateway, behind):
    def behave(link, request):
        link.answer(gzipped(json.dumps(chat(SECRET_TEXT)).encode()), headers=[("Content-Encoding", "gzip")])

    upstream, connection = behind(behave)
    answer = post(gateway, connection)
    assert answer.json()["choices"][0]["message"]["content"] == MASKED_TEXT
    assert "content-encoding" not in answer.headers
    assert upstream.requests[0].headers["accept-encoding"] == "identity"
    assert ended(gateway, answer) == ("completed", None)


@pytest.mark.parametrize("size", [1, 10, 10_000])
def test_gzipped_stream(gateway, behind, size):
    data = gzipped(says([SECRET_TEXT[:9], SECRET_TEXT[9:30], SECRET_TEXT[30:]]))
    upstream, connection = behind(
        lambda link, request: link.stream(data, headers=[("Content-Encoding", "gzip")], size=size))
    answer = post(gateway, connection, stream=True)
    assert text_of(answer.content) == MASKED_TEXT and answer.content.endswith(DONE)
    assert "content-encoding" not in answer.headers


def test_broken_gzip_is_an_error(gateway, behind):
    data = gzipped(json.dumps(chat("x" * 5000)).encode())
    upstream, connection = behind(lambda link, request: link.answer(data[:-9], headers=[("Content-Encoding", "gzip")]))
    answer = post(gateway, connection)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_broken")
    assert ended(gateway, answer) == ("failed", "upstream_broken")


def test_unknown_coding_is_refused(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(b"\x0b\x02\x80", headers=[("Content-Encoding", "br")]))
    answer = post(gateway, connection)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_uninspectable")


def test_a_zip_bomb_stops_at_the_limit(gateway, behind):
    bomb = gzipped(b'{"a": "' + b"x" * (30 << 20) + b'"}')
    upstream, connection = behind(
        lambda link, request: link.answer(bomb, headers=[("Content-Encoding", "gzip")]), response_bytes=str(1 << 20))
    answer = post(gateway, connection)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_too_large")
    assert ended(gateway, answer) == ("failed", "upstream_too_large")


def test_ten_megabytes_in_and_out(gateway, behind):
    filler = "words of no interest. " * (10 * 1024 * 1024 // 22)
    upstream, connection = behind(lambda link, request: link.answer(chat(filler + planted.EMAIL)))
    body = {"model": "m", "messages": [{"role": "user", "content": filler + planted.EMAIL}]}
    answer = post(gateway, connection, body, timeout=60)
    assert upstream.requests[0].json["messages"][0]["content"] == filler + planted.EMAIL_LABEL
    assert answer.json()["choices"][0]["message"]["content"] == filler + planted.EMAIL_LABEL
    assert ended(gateway, answer) == ("completed", None)


# Bytes that are not what they should be.

def test_invalid_utf8_in_is_refused_before_anything_is_sent(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("no")))
    answer = post(gateway, connection, b'{"model": "m", "messages": [{"role": "user", "content": "\xff\xfe"}]}')
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed_body")
    assert answer.headers["x-should-retry"] == "false"
    assert upstream.requests == []
    gateway.refusals(connection.name, "malformed_body")


def test_invalid_utf8_out_is_not_passed_on(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(b'{"choices": [{"message": {"content": "\xff"}}]}'))
    answer = post(gateway, connection)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_uninspectable")


def test_invalid_utf8_in_a_stream_ends_it_with_an_error(gateway, behind):
    stream = says(["good"], done=False) + event(b'{"choices":[{"index":0,"delta":{"content":"\xff"}}]}') + DONE
    upstream, connection = behind(lambda link, request: link.stream(stream))
    answer = post(gateway, connection, stream=True)
    assert last_event(answer)["error"]["code"] == "upstream_uninspectable" and b"[DONE]" not in answer.content
    assert ended(gateway, answer) == ("failed", "upstream_uninspectable")


TWICE = b'"content": "%s", "content": "%s"' % (planted.EMAIL.encode(), planted.EMAIL_2.encode())


def test_duplicate_keys_in_are_refused(gateway, behind):
    """Readers disagree on which of two equal keys counts: what was inspected may not be what is read."""
    upstream, connection = behind(lambda link, request: link.answer(chat("no")))
    answer = post(gateway, connection, b'{"model": "m", "messages": [{"role": "user", %s}]}' % TWICE)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed_body")
    assert "same key twice" in answer.json()["error"]["message"]
    assert upstream.requests == []


def test_duplicate_keys_out_are_refused(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(b'{"choices": [{"index": 0, "message": {%s}}]}' % TWICE))
    answer = post(gateway, connection)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_uninspectable")


@pytest.mark.parametrize("body", [b"{", b"nonsense", b'{"a":1}{"b":2}', b"[1,]", b'{"a":"\x01"}', b'"' + b"\\ud800" + b'"x'])
def test_malformed_bodies_are_refused(gateway, behind, body):
    upstream, connection = behind(lambda link, request: link.answer(chat("no")))
    answer = post(gateway, connection, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed_body")
    assert upstream.requests == []


# Content types that lie.

def test_json_labelled_text(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat(SECRET_TEXT), media="text/plain"))
    assert post(gateway, connection).json()["choices"][0]["message"]["content"] == MASKED_TEXT


def test_json_request_without_a_label(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("ok")))
    body = {"model": "m", "messages": [{"role": "user", "content": planted.EMAIL}]}
    post(gateway, connection, body, headers={"Content-Type": "text/plain"})
    assert upstream.requests[0].json["messages"][0]["content"] == planted.EMAIL_LABEL


@pytest.mark.parametrize("media", ["application/json", "text/plain", "text/plain; charset=utf-8", "text/html"])
def test_stream_with_another_label_is_masked_across_its_events(gateway, behind, media):
    stream = says(["zelda.qui", "mby@plan", "ted.example"])
    upstream, connection = behind(lambda link, request: link.stream(stream, media=media))
    answer = post(gateway, connection, stream=True)
    assert text_of(answer.content) == planted.EMAIL_LABEL and answer.content.endswith(DONE)
    row = gateway.record(answer.headers["x-countersign-exchange"])
    assert (row["ended"], row["entities"]) == ("completed", {"EMAIL_ADDRESS": 1})
    assert planted.EMAIL_LABEL in gateway.transcript(row)


def test_stream_with_another_label_and_no_end_mark(gateway, behind):
    upstream, connection = behind(lambda link, request: link.stream(says(["Hello"], done=False), media="text/plain"))
    answer = post(gateway, connection, stream=True)
    assert last_event(answer)["error"]["code"] == "upstream_broken" and b"[DONE]" not in answer.content
    assert ended(gateway, answer) == ("failed", "upstream_broken")


def test_json_lines_labelled_plain_text_never_pass_unmasked(gateway, behind):
    lines = b"".join(json.dumps({"response": piece}).encode() + b"\n" for piece in ["zelda.qui", "mby@plan", "ted.example"])
    upstream, connection = behind(lambda link, request: link.answer(lines, media="text/plain"))
    answer = post(gateway, connection, stream=True)
    # They are read as the lines they are. Nothing says that they are all, so the text that could still grow is dropped.
    said = [json.loads(line) for line in answer.text.splitlines()]
    assert "".join(line.get("response", "") for line in said) in ("", planted.EMAIL_LABEL)
    assert said[-1]["code"] == "upstream_broken"
    assert ended(gateway, answer) == ("failed", "upstream_broken")


def test_json_labelled_stream_is_no_clean_end(gateway, behind):
    upstream, connection = behind(lambda link, request: link.stream(json.dumps(chat(SECRET_TEXT)).encode()))
    answer = post(gateway, connection, stream=True)
    assert planted.EMAIL not in answer.text and "[DONE]" not in answer.text
    assert last_event(answer)["error"]["code"].startswith("upstream_")
    assert ended(gateway, answer)[0] == "failed"


def test_html_error_page_passes_masked(gateway, behind):
    page = f"<html><body><h1>502</h1>Ask {planted.EMAIL}</body></html>".encode()
    upstream, connection = behind(lambda link, request: link.answer(page, status=502, media="text/html"))
    answer = post(gateway, connection)
    assert answer.status_code == 502 and planted.EMAIL_LABEL in answer.text and planted.EMAIL not in answer.text
    assert ended(gateway, answer) == ("upstream_error", None)


def test_pictures_are_refused_or_pass_as_the_connection_says(gateway, behind):
    behave = lambda link, request: link.answer(b"\x89PNG" + bytes(100), media="image/png")
    upstream, connection = behind(behave)
    assert post(gateway, connection).json()["error"]["code"] == "upstream_uninspectable"
    upstream, connection = behind(behave, uninspected="pass")
    answer = post(gateway, connection)
    assert answer.content == b"\x89PNG" + bytes(100)
    assert "body: image/png (104 bytes)" in gateway.transcript(gateway.record(answer.headers["x-countersign-exchange"]))


def test_uninspected_request_bodies(gateway, behind):
    behave = lambda link, request: link.answer(chat("ok"))
    headers = {"Content-Type": "application/octet-stream"}
    upstream, connection = behind(behave)
    answer = post(gateway, connection, b"\x00\x01\x02", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "uninspectable_body")
    assert upstream.requests == []
    gateway.refusals(connection.name, "uninspectable_body")
    upstream, connection = behind(behave, uninspected="pass")
    answer = post(gateway, connection, b"\x00\x01\x02", headers=headers)
    assert upstream.requests[0].body == b"\x00\x01\x02"
    assert "body: application/octet-stream (3 bytes)" in gateway.transcript(
        gateway.record(answer.headers["x-countersign-exchange"]))


def test_a_single_event_beyond_the_limit_ends_the_stream(gateway, behind):
    upstream, connection = behind(lambda link, request: link.stream(says(["fine, ", "x" * (2 << 20)])))
    answer = post(gateway, connection, stream=True)
    assert text_of(answer.content) == "fine, "
    assert last_event(answer)["error"]["code"] == "upstream_too_large" and b"[DONE]" not in answer.content
    assert ended(gateway, answer) == ("failed", "upstream_too_large")


def test_an_answer_beyond_the_limit(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("x" * 5_000)), response_bytes="2000")
    answer = post(gateway, connection)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_too_large")


# Silence and death.

def test_an_upstream_that_never_answers(gateway, behind):
    upstream, connection = behind(lambda link, request: link.closed_within(5), first_byte_ms="1000")
    began = time.monotonic()
    answer = post(gateway, connection)
    took = time.monotonic() - began
    assert (answer.status_code, answer.json()["error"]["code"]) == (504, "upstream_timeout")
    assert answer.headers["x-should-retry"] == "true"
    assert 1.0 <= took < 2.0
    assert ended(gateway, answer) == ("failed", "upstream_timeout")


def test_an_upstream_that_falls_silent_in_a_whole_answer(gateway, behind):
    def behave(link, request):
        link.head(200, [("Content-Type", "application/json"), ("Content-Length", "1000")])
        link.send(b'{"choices": [')
        link.closed_within(5)

    upstream, connection = behind(behave, idle_ms="1000")
    answer = post(gateway, connection)
    assert (answer.status_code, answer.json()["error"]["code"]) == (504, "upstream_timeout")


def test_an_upstream_that_falls_silent_in_a_stream(gateway, behind):
    def behave(link, request):
        link.begin_stream()
        link.chunk(says(["Hello there"], done=False))
        link.closed_within(5)

    upstream, connection = behind(behave, idle_ms="1000")
    answer = post(gateway, connection, stream=True)
    assert text_of(answer.content) == "Hello there"
    error = last_event(answer)["error"]
    assert error["code"] == "upstream_timeout" and error["message"]
    assert b"[DONE]" not in answer.content
    assert ended(gateway, answer) == ("failed", "upstream_timeout")


def test_comments_keep_a_quiet_stream_alive(gateway, behind):
    """Three silences, each within the limit, together beyond it; and every comment arrives when it is sent."""
    heard = threading.Semaphore(0)

    def behave(link, request):
        link.begin_stream()
        for _ in range(3):
            time.sleep(0.5)
            link.chunk(b": still thinking\n\n")
            assert heard.acquire(timeout=5)
        link.chunk(says(["Hello"]))
        link.end_stream()

    upstream, connection = behind(behave, idle_ms="1000")
    got = b""
    with httpx.stream("POST", f"{connection.url}/chat/completions", json={"model": "m", "messages": [], "stream": True},
                      headers={"Authorization": f"Bearer {gateway.token}"}, timeout=10) as answer:
        for piece in answer.iter_raw():
            got += piece
            for _ in range(piece.count(b": still")):
                heard.release()
    assert text_of(got) == "Hello" and got.endswith(DONE)


def test_an_upstream_that_closes_its_connection_after_every_answer(gateway, behind):
    """Without saying so: the gateway must not send the next request into a connection that is going away."""
    def behave(link, request):
        link.answer(chat("ok"))
        link.close()

    upstream, connection = behind(behave)
    for _ in range(20):
        assert post(gateway, connection).status_code == 200
    assert len(upstream.requests) == 20


@pytest.mark.parametrize("how", ["reset", "close"])
def test_an_upstream_that_dies_in_a_stream(gateway, behind, how):
    def behave(link, request):
        link.begin_stream()
        link.chunk(says(["Hello zelda.quimby@pla"], done=False)[:-40])
        getattr(link, how)()

    upstream, connection = behind(behave)
    answer = post(gateway, connection, stream=True)
    assert last_event(answer)["error"]["code"] == "upstream_broken" and b"[DONE]" not in answer.content
    assert ended(gateway, answer) == ("failed", "upstream_broken")


@pytest.mark.parametrize("framing", ["chunked", "until close"])
def test_a_stream_that_ends_without_its_end_mark(gateway, behind, framing):
    def behave(link, request):
        if framing == "chunked":
            return link.stream(says(["Hello"], done=False))
        link.head(200, [("Content-Type", "text/event-stream"), ("Connection", "close")])
        link.send(says(["Hello"], done=False))
        link.close()

    upstream, connection = behind(behave)
    answer = post(gateway, connection, stream=True)
    assert text_of(answer.content) == "Hello"
    assert last_event(answer)["error"]["code"] == "upstream_broken" and b"[DONE]" not in answer.content
    assert ended(gateway, answer) == ("failed", "upstream_broken")


@pytest.mark.parametrize("how", ["reset", "close"])
def test_an_upstream_that_dies_in_a_whole_answer(gateway, behind, how):
    def behave(link, request):
        link.head(200, [("Content-Type", "application/json"), ("Content-Length", "1000")])
        link.send(b'{"choices": [')
        getattr(link, how)()

    upstream, connection = behind(behave)
    answer = post(gateway, connection)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_broken")
    assert ended(gateway, answer) == ("failed", "upstream_broken")


def test_an_upstream_that_hangs_up_before_its_head(gateway, behind):
    upstream, connection = behind(lambda link, request: link.close())
    answer = post(gateway, connection)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_broken")
    assert answer.headers["x-should-retry"] == "true"
    assert ended(gateway, answer) == ("failed", "upstream_broken")


def test_an_upstream_that_is_not_there(gateway, behind):
    upstream, connection = behind(lambda link, request: None)
    upstream.close()
    answer = post(gateway, connection)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_unreachable")
    assert ended(gateway, answer) == ("failed", "upstream_unreachable")


def test_an_upstream_that_does_not_speak_http(gateway, behind):
    upstream, connection = behind(lambda link, request: link.send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"))
    assert post(gateway, connection).json()["error"]["code"] == "upstream_broken"


def test_an_error_event_in_a_stream_passes_masked(gateway, behind):
    stream = says(["Hel"], done=False) + event({"error": {"message": f"ask {planted.EMAIL}", "code": 500}})
    upstream, connection = behind(lambda link, request: link.stream(stream + DONE))
    answer = post(gateway, connection, stream=True)
    assert planted.EMAIL_LABEL in answer.text and planted.EMAIL not in answer.text
    assert ended(gateway, answer)[0] == "upstream_error"


def test_an_answer_before_the_request_is_read(gateway, behind):
    """Some servers refuse early; the gateway must relay that, not call the upstream dead."""
    upstream, connection = behind(lambda link, request: link.answer({"error": {"message": "no"}}, status=413))
    answer = post(gateway, connection, {"model": "m", "messages": [{"role": "user", "content": "why? " * 600_000}]})
    assert (answer.status_code, answer.json()["error"]["message"]) == (413, "no")


def test_informational_heads_are_stepped_over(gateway, behind):
    def behave(link, request):
        link.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
        link.answer(chat("ok"))

    upstream, connection = behind(behave)
    assert post(gateway, connection).json()["choices"][0]["message"]["content"] == "ok"


# Flow.

def endless(link, request, sent=None, pieces=4_000, size=16_384):
    """A stream much larger than every buffer on the way."""
    link.begin_stream()
    filler = "plain words " * (size // 12)
    link.chunk(event(delta(role="assistant", content="")))
    for _ in range(pieces):
        link.chunk(event(delta(content=filler)))
        if sent is not None:
            sent.append(len(filler))
    link.chunk(event(delta(finish="stop")) + DONE)
    link.end_stream()


def test_a_slow_reader_slows_the_upstream_and_fills_no_memory(gateway, behind):
    sent = []
    upstream, connection = behind(lambda link, request: endless(link, request, sent))
    body = json.dumps({"model": "m", "messages": [], "stream": True}).encode()
    resident = gateway.resident()
    with Raw(gateway, receive_buffer=16_384) as client:
        client.request(
            f"POST /c/{connection.name}/chat/completions HTTP/1.1",
            [("Authorization", f"Bearer {gateway.token}"), ("Content-Type", "application/json"), ("Content-Length", len(body))],
            body)
        client.until(b"plain words")

        # From here on nobody reads, and the upstream comes to a stop.
        def stopped():
            before = len(sent)
            time.sleep(1)
            return len(sent) == before

        eventually(stopped, 30, "back-pressure")
        # Of 64 MB no more has left the upstream than the kernel's own buffers on the way take (6 MB and twice 4 MB at most).
        assert sum(sent) < 20 << 20
        assert gateway.resident() - resident < 8 << 20
    row = gateway.record(connection.name)
    assert row["ended"] == "client_gone"


@pytest.mark.parametrize("when", ["before the head", "before the first event", "in the stream"])
def test_a_client_that_leaves_cancels_the_upstream(gateway, behind, when):
    left = []
    at_it = threading.Event()

    def behave(link, request):
        if when != "before the head":
            link.begin_stream()
        if when == "in the stream":
            link.chunk(says(["Hello"], done=False))
        at_it.set()
        left.append(link.closed_within(10))

    upstream, connection = behind(behave)
    body = json.dumps({"model": "m", "messages": [], "stream": True}).encode()
    with Raw(gateway) as client:
        client.request(
            f"POST /c/{connection.name}/chat/completions HTTP/1.1",
            [("Authorization", f"Bearer {gateway.token}"), ("Content-Type", "application/json"), ("Content-Length", len(body))],
            body)
        assert at_it.wait(10)
        if when == "in the stream":
            client.until(b"Hello")
        gone = time.monotonic()
    eventually(lambda: left, 10, "the end of the upstream's connection")
    assert time.monotonic() - gone < 1.0
    row = gateway.record(connection.name)
    assert row["ended"] == "client_gone"
    assert gateway.intents(connection.name) == 1


def test_a_client_that_leaves_a_busy_stream_cancels_the_upstream(gateway, behind):
    stopped = threading.Event()

    def behave(link, request):
        try:
            endless(link, request)
        except OSError:
            stopped.set()
            raise

    upstream, connection = behind(behave)
    with pytest.raises(httpx.ReadError):
        with httpx.stream("POST", f"{connection.url}/chat/completions", json={"model": "m", "messages": [], "stream": True},
                          headers={"Authorization": f"Bearer {gateway.token}"}) as answer:
            for _ in answer.iter_raw(65536):
                raise httpx.ReadError("enough")
    assert stopped.wait(1.0)
    assert gateway.record(connection.name)["ended"] == "client_gone"


def test_a_long_stream_is_on_record_in_parts(gateway, behind):
    upstream, connection = behind(lambda link, request: endless(link, request, pieces=20))
    answer = post(gateway, connection, stream=True)
    assert answer.content.endswith(DONE)
    row = gateway.record(answer.headers["x-countersign-exchange"])
    assert row["ended"] == "completed" and len(row["segment_seqs"]) >= 3


def test_events_are_not_held_back(gateway, behind):
    """What nothing can claim any more is released at once: the second event is only sent when the first has arrived."""
    arrived = threading.Event()

    def behave(link, request):
        link.begin_stream()
        link.chunk(event(delta(content="Hello there, friend. ")))
        assert arrived.wait(5)
        link.chunk(event(delta(content="Bye.")) + event(delta(finish="stop")) + DONE)
        link.end_stream()

    upstream, connection = behind(behave)
    got = b""
    with httpx.stream("POST", f"{connection.url}/chat/completions", json={"model": "m", "messages": [], "stream": True},
                      headers={"Authorization": f"Bearer {gateway.token}"}, timeout=10) as answer:
        for piece in answer.iter_raw():
            got += piece
            if b"Hello there," in got:
                arrived.set()
    assert text_of(got) == "Hello there, friend. Bye."

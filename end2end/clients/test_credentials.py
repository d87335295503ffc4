"""Whose credential goes where: the caller's stops at the gateway, the gateway's own never comes back."""

import json
import urllib.parse

import httpx
import pytest

import planted
from upstream import DONE, chat, delta, event


def post(gateway, connection, headers=None, path="/chat/completions", stream=False):
    headers = {"Authorization": f"Bearer {gateway.token}"} if headers is None else headers
    body = {"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": stream}
    return httpx.post(connection.url + path, json=body, headers=headers)


SECRET = 'k-a"b/c\\d-0123456789-topsecret'


def test_refused_credential_is_never_shown(gateway, behind):
    def behave(link, request):
        said = {"error": {"message": f"Incorrect API key: {request.headers['authorization']}", "code": "invalid_api_key"}}
        link.answer(said, status=401, headers=[("WWW-Authenticate", f"Bearer error=\"{connection.secret}\"")])

    upstream, connection = behind(behave)
    answer = post(gateway, connection)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_credential_rejected")
    assert connection.secret not in answer.text + str(answer.headers)
    row = gateway.record(answer.headers["x-countersign-exchange"])
    assert (row["ended"], row["reason"], row["status"]) == ("failed", "upstream_credential_rejected", 401)


def echo_in_error(link, request):
    link.answer({"error": {"message": f"bad {request.headers['authorization']}!"}}, status=403)


def echo_unescaped_slashes(link, request):
    text = json.dumps(f"bad {request.headers['authorization']}!").replace("/", "\\/")
    link.answer(b'{"error":{"message":%s}}' % text.encode(), status=403)


def echo_in_unicode_escapes(link, request):
    text = "".join(f"\\u{ord(letter):04x}" for letter in request.headers["authorization"])
    link.answer(b'{"error":{"message":"%s"}}' % text.encode(), status=403)


def echo_in_a_key(link, request):
    link.answer({request.headers["authorization"]: 1}, status=400)


def echo_in_html(link, request):
    link.answer(f"<p>{request.headers['authorization']}</p>".encode(), status=500, media="text/html")


def echo_in_a_header(link, request):
    said = request.headers["authorization"]
    link.answer(chat("ok"), headers=[
        ("X-Debug", f"auth={said}"), ("X-Json", json.dumps({"auth": said})), ("X-Url", urllib.parse.quote(said)), ("X-Fine", "1")])


def echo_in_a_stream(link, request):
    text = request.headers["authorization"]
    stream = b"".join(event(delta(content=letter)) for letter in f"it is {text}!")
    link.stream(stream + event(delta(finish="stop")) + DONE)


def echo_in_a_stream_of_arguments(link, request):
    text = json.dumps({"header": request.headers["authorization"]})
    stream = event(delta(tool_calls=[{"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": ""}}]))
    for at in range(0, len(text), 3):
        stream += event(delta(tool_calls=[{"index": 0, "function": {"arguments": text[at:at + 3]}}]))
    link.stream(stream + event(delta(finish="tool_calls")) + DONE)


def echo_in_a_comment(link, request):
    link.stream(b": " + request.headers["authorization"].encode() + b"\n\n" + event(delta(content="x", finish="stop")) + DONE)


def echo_in_an_event(link, request):
    link.stream(event(delta(content=f"it is {request.headers['authorization']}", finish="stop")) + DONE)


# A model that says it letter by letter is only understood where answers are masked; see wire's `Release::Original`.
LETTER_BY_LETTER = [echo_in_a_stream, echo_in_a_stream_of_arguments]
ECHOES = [echo_in_an_event, echo_in_error, echo_unescaped_slashes, echo_in_unicode_escapes, echo_in_a_key, echo_in_html, echo_in_a_header, echo_in_a_comment]


def spoken(answer):
    """Everything a client could read out of an answer: as it is, with its JSON strings undone, and its stream put together."""
    texts = [answer.text, str(answer.headers)]

    def walk(value):
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            for key, inner in value.items():
                texts.append(key)
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    content = arguments = ""
    for line in [answer.text, *answer.text.splitlines()]:
        try:
            value = json.loads(line.removeprefix("data: "))
        except ValueError:
            continue
        walk(value)
        for choice in value.get("choices", []) if isinstance(value, dict) else []:
            inner = choice.get("delta", {})
            content += inner.get("content") or ""
            for call in inner.get("tool_calls", []):
                arguments += call["function"].get("arguments") or ""
    texts += [content, arguments]
    try:
        walk(json.loads(arguments))
    except ValueError:
        pass
    return texts


@pytest.mark.parametrize(
    "behave, masking", [(echo, "on") for echo in ECHOES + LETTER_BY_LETTER] + [(echo, None) for echo in ECHOES],
    ids=lambda given: getattr(given, "__name__", "masked" if given else "unmasked"))
def test_an_echoed_credential_is_never_shown(gateway, behind, behave, masking):
    upstream, connection = behind(behave, mask_response=masking, secret=SECRET)
    answer = post(gateway, connection, stream=behave in LETTER_BY_LETTER)
    assert upstream.requests[0].headers["authorization"] == f"Bearer {SECRET}"
    for text in spoken(answer):
        assert "topsecret" not in text, text
    gateway.record(answer.headers["x-countersign-exchange"])


def test_a_credential_in_a_header_of_its_own(gateway, behind):
    upstream, connection = behind(
        lambda link, request: link.answer({"error": {"message": request.headers["x-model-key"]}}, status=400),
        credential_kind="header", credential_header="X-Model-Key", secret=SECRET)
    answer = post(gateway, connection)
    seen = upstream.requests[0].headers
    assert seen["x-model-key"] == SECRET and "authorization" not in seen
    assert "topsecret" not in answer.text


def test_without_a_credential_none_is_sent_and_401_passes(gateway, behind):
    upstream, connection = behind(
        lambda link, request: link.answer({"error": {"message": "sign in"}}, status=401), credential_kind="none", secret=None)
    answer = post(gateway, connection)
    assert "authorization" not in upstream.requests[0].headers
    # The caller's own credential is good; telling the SDK otherwise would send people after the wrong key.
    assert answer.status_code == 401 and answer.json()["error"]["message"] == "sign in"


@pytest.mark.parametrize("header", ["Authorization", "x-api-key", "api-key"])
def test_the_callers_token_is_taken_from_any_of_three_headers_and_stripped(gateway, behind, header):
    upstream, connection = behind(lambda link, request: link.answer(chat("ok")))
    value = f"Bearer {gateway.token}" if header == "Authorization" else gateway.token
    assert post(gateway, connection, {header: value}).status_code == 200
    seen = upstream.requests[0]
    assert gateway.token not in str(seen.header_list) and "x-api-key" not in seen.headers and "api-key" not in seen.headers


def test_two_different_tokens_are_refused(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("no")))
    other = gateway.issue_token()
    answer = post(gateway, connection, {"Authorization": f"Bearer {gateway.token}", "x-api-key": other})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_api_key")
    assert upstream.requests == []
    assert post(gateway, connection, {"Authorization": f"Bearer {other}", "x-api-key": other}).status_code == 200


@pytest.mark.parametrize("headers, code", [
    ({}, "missing_api_key"),
    ({"Authorization": "Basic dXNlcjpwYXNz"}, "invalid_api_key"),
    ({"Authorization": "Bearer"}, "invalid_api_key"),
    ({"x-api-key": ""}, "missing_api_key"),
    ({"Authorization": "Bearer cs_" + "A" * 49}, "invalid_api_key"),
    ({"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}, "invalid_api_key"),
], ids=["none", "basic", "no token", "empty", "unknown", "unsigned"])
def test_no_good_token(gateway, behind, headers, code):
    upstream, connection = behind(lambda link, request: link.answer(chat("no")))
    answer = post(gateway, connection, headers)
    assert answer.status_code == 401 and answer.json()["error"]["code"] == code
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["x-should-retry"] == "false"
    assert upstream.requests == []


@pytest.mark.parametrize("place", ["/chat/completions?api_key={}", "/chat/completions?a=1&key={}", "/v1/{}/chat"])
def test_a_token_in_the_url_is_refused_even_beside_a_good_header(gateway, behind, place):
    upstream, connection = behind(lambda link, request: link.answer(chat("no")))
    answer = post(gateway, connection, path=place.format(gateway.token))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "credential_in_url")
    assert upstream.requests == []
    gateway.refusals(connection.name, "credential_in_url")


def test_a_percent_encoded_token_in_the_url_is_refused_too(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("no")))
    hidden = "".join(f"%{ord(letter):02x}" for letter in gateway.token)
    answer = post(gateway, connection, path=f"/chat/completions?key={hidden}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "credential_in_url")
    assert upstream.requests == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_neither_followed_nor_passed_on(gateway, behind, status):
    """Followed, it would carry our credential elsewhere; passed on, the client would repeat its unmasked prompt there."""
    upstream, connection = behind(lambda link, request: link.answer(
        b"", status=status, headers=[("Location", f"http://127.0.0.1:{connection.port}/elsewhere")]))
    answer = post(gateway, connection)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_redirected")
    assert "location" not in answer.headers and answer.headers["x-should-retry"] == "false"
    assert len(upstream.requests) == 1
    row = gateway.record(answer.headers["x-countersign-exchange"])
    assert (row["ended"], row["reason"], row["status"]) == ("failed", "upstream_redirected", status)

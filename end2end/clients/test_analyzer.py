"""A connection with Microsoft Presidio's analyzer, the real one from its package (`presidio.py`)."""

import json
import pathlib
import re
import subprocess
import sys

import httpx
import pytest

import planted
from gateway import eventually, free_port
from upstream import chat, says, text_of

HERE = pathlib.Path(__file__).parent
# Of a kind that the gateway has no name for, and with characters that are two units in UTF-16 and four bytes in UTF-8.
SAID = f"😀 𝒳 a Lusitanian poet asked {planted.EMAIL} 😀 of Quelhas"
READ = f"😀 𝒳 a [NRP] poet asked {planted.EMAIL_LABEL} 😀 of [PERSON]"


class Presidio:
    def __init__(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, HERE / "presidio.py", str(self.port)], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def stop(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def presidio():
    running = Presidio()
    yield running
    running.stop()


def post(gateway, connection, content, stream=False):
    body = {"model": "m", "messages": [{"role": "user", "content": content}], "stream": stream}
    headers = {"Authorization": f"Bearer {gateway.token}"}
    return httpx.post(f"{connection.url}/chat/completions", json=body, headers=headers, timeout=30)


def settings(presidio, when="closed", **more):
    return {"analyzer_url": presidio.url, "analyzer_when_it_fails": when, "analyzer_timeout_ms": "20000"} | more


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_what_presidio_finds_is_masked_for_model_caller_and_record(gateway, behind, presidio):
    upstream, connection = behind(lambda link, request: link.answer(chat(SAID)), **settings(presidio))
    answer = post(gateway, connection, SAID)
    assert answer.status_code == 200, answer.text
    assert upstream.requests[0].json["messages"][0]["content"] == READ
    assert answer.json()["choices"][0]["message"]["content"] == READ
    row = gateway.record(answer.headers["x-countersign-exchange"])
    assert row["entities"] == {"EMAIL_ADDRESS": 2, "NRP": 2, "PERSON": 2} and row["preview"] == READ
    page = words(gateway.transcript(row))
    assert "Lusitanian" not in page and "Quelhas" not in page
    assert "the external analyzer" in page and "The external analyzer was asked about" in page


def test_arguments_of_tools_are_looked_at_too(gateway, behind, presidio):
    upstream, connection = behind(lambda link, request: link.answer(chat("ok")), **settings(presidio))
    arguments = json.dumps({"who": "a Lusitanian", "note": "😀 \"Quelhas\"\n"})
    call = {"id": "call_1", "type": "function", "function": {"name": "find", "arguments": arguments}}
    body = {"model": "m", "messages": [{"role": "assistant", "content": None, "tool_calls": [call]}]}
    headers = {"Authorization": f"Bearer {gateway.token}"}
    assert httpx.post(f"{connection.url}/chat/completions", json=body, headers=headers, timeout=30).status_code == 200
    sent = upstream.requests[0].json["messages"][0]["tool_calls"][0]["function"]["arguments"]
    assert json.loads(sent) == {"who": "a [NRP]", "note": "😀 \"[PERSON]\"\n"}


def test_only_what_it_is_asked_for(gateway, behind, presidio):
    upstream, connection = behind(
        lambda link, request: link.answer(chat("ok")), **settings(presidio, analyzer_entities="NRP"))
    assert post(gateway, connection, SAID).status_code == 200
    assert upstream.requests[0].json["messages"][0]["content"] == READ.replace("[PERSON]", "Quelhas")


def test_a_streamed_answer_does_not_wait_and_the_record_says_so(gateway, behind, presidio):
    upstream, connection = behind(lambda link, request: link.stream(says([SAID[:20], SAID[20:]])), **settings(presidio))
    answer = post(gateway, connection, "a Lusitanian", stream=True)
    assert upstream.requests[0].json["messages"][0]["content"] == "a [NRP]"
    assert text_of(answer.content) == SAID.replace(planted.EMAIL, planted.EMAIL_LABEL)
    page = words(gateway.transcript(gateway.record(answer.headers["x-countersign-exchange"])))
    assert "analyzer: a streamed answer does not wait for it" in page


def test_a_language_it_does_not_know_is_a_failure_of_the_chosen_kind(gateway, behind, presidio):
    upstream, connection = behind(
        lambda link, request: link.answer(chat("ok")), **settings(presidio, analyzer_language="xx"))
    answer = post(gateway, connection, SAID)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "analyzer_unavailable")
    assert upstream.requests == []
    gateway.refusals(connection.name, "analyzer_unavailable")


def test_it_is_tested_with_the_connection(gateway, behind, presidio):
    _, connection = behind(lambda link, request: link.answer({"data": []}), **settings(presidio))
    gateway.form(f"/connections/{connection.name}/test", now="yes")
    page = words(gateway.page(f"/connections/{connection.name}?done=tested"))
    assert "The analyzer: every step passed." in page and "found the address in a sentence of ours" in page


def test_one_that_dies_is_missed_as_chosen(gateway, behind):
    mortal = Presidio()
    try:
        closed_upstream, closed = behind(lambda link, request: link.answer(chat("ok")), **settings(mortal))
        open_upstream, open_ = behind(lambda link, request: link.answer(chat("ok")), **settings(mortal, "open"))
        assert post(gateway, closed, SAID).status_code == 200
    finally:
        mortal.stop()
    answer = post(gateway, closed, SAID)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "analyzer_unavailable")
    assert len(closed_upstream.requests) == 1, "nothing more was sent"
    answer = post(gateway, open_, SAID)
    assert answer.status_code == 200
    sent = open_upstream.requests[0].json["messages"][0]["content"]
    assert sent == SAID.replace(planted.EMAIL, planted.EMAIL_LABEL)
    page = words(gateway.transcript(gateway.record(answer.headers["x-countersign-exchange"])))
    assert eventually(lambda: "analyzer: unreachable" in page or "analyzer: bad answer: it broke off" in page)

"""What a connection's settings and a token's limits mean, and that the record is masked whatever they say."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

import planted
from gateway import eventually
from upstream import chat, says, text_of


def post(gateway, connection, content="hi", token=None, stream=False, **headers):
    body = {"model": "m", "messages": [{"role": "user", "content": content}], "stream": stream}
    headers = {"Authorization": f"Bearer {token or gateway.token}"} | headers
    return httpx.post(f"{connection.url}/chat/completions", json=body, headers=headers, timeout=30)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_masking_off_passes_the_bytes_and_still_masks_the_record(gateway, behind, stream):
    text = f"Write to {planted.EMAIL_2}"
    sent = says([text[:15], text[15:]]) if stream else json.dumps(chat(text), indent=3).encode()
    upstream, connection = behind(
        lambda link, request: link.stream(sent) if stream else link.answer(sent), mask_prompt=None, mask_response=None)
    answer = post(gateway, connection, f"I am {planted.EMAIL}", stream=stream)
    assert upstream.requests[0].json["messages"][0]["content"] == f"I am {planted.EMAIL}"
    assert answer.content == sent
    assert answer.headers["x-countersign-masked"] == "0"
    row = gateway.record(answer.headers["x-countersign-exchange"])
    assert row["entities"] == {"EMAIL_ADDRESS": 2} and row["preview"] == f"I am {planted.EMAIL_LABEL}"
    page = gateway.transcript(row)
    assert f"I am {planted.EMAIL_LABEL}" in page and f"Write to {planted.EMAIL_LABEL}" in page


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_metadata_only_keeps_no_text(gateway, behind, stream):
    upstream, connection = behind(
        lambda link, request: link.stream(says(["the marmalade answer"])) if stream else link.answer(chat("the marmalade answer")),
        recording="metadata_only")
    answer = post(gateway, connection, f"the rhubarb question of {planted.EMAIL}", stream=stream)
    assert "marmalade" in answer.text
    row = gateway.record(answer.headers["x-countersign-exchange"])
    assert (row["ended"], row["preview"], row["entities"]) == ("completed", "", {"EMAIL_ADDRESS": 1})
    page = gateway.transcript(row)
    assert "rhubarb" not in page and "marmalade" not in page
    groups = gateway.sql(
        "SELECT grp FROM ledger_payload WHERE seq IN (%s, %s) AND grp IN (2, 3)", row["intent_seq"], row["outcome_seq"])
    assert groups == []


def test_a_connection_nobody_is_granted_is_unknown(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("no")), groups="*")
    gateway.form(f"/connections/{connection.name}", name=connection.name, description="", version="1",
                 base_url=f"http://127.0.0.1:{connection.port}/v1", credential_kind="bearer", groups="nobody-is-in-this",
                 mask_prompt="on", mask_response="on", enabled="on")
    answer = eventually(lambda: (got := post(gateway, connection)).status_code == 404 and got, what="the change")
    assert answer.json()["error"]["code"] == "unknown_connection"
    before = len(upstream.requests)
    post(gateway, connection)
    assert len(upstream.requests) == before


def test_five_at_once_with_a_token_of_three_uses(gateway, behind):
    together = threading.Barrier(3, timeout=10)

    def behave(link, request):
        together.wait()
        link.answer(chat("ok"))

    upstream, connection = behind(behave)
    token = gateway.issue_token(max_uses=3)
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: post(gateway, connection, token=token), range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 401, 401]
    assert {answer.json()["error"]["code"] for answer in answers if answer.status_code == 401} == {"spent_api_key"}
    assert len(upstream.requests) == 3
    gateway.refusals(connection.name, "spent_api_key", 2)


def test_a_refused_request_spends_no_use(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("ok")))
    token = gateway.issue_token(max_uses=1)
    broken = httpx.post(f"{connection.url}/chat/completions", content=b"{", headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
    assert broken.status_code == 400
    assert post(gateway, connection, token=token).status_code == 200
    assert post(gateway, connection, token=token).status_code == 401


def test_forty_at_once_each_with_its_own_record(gateway, behind):
    upstream, connection = behind(lambda link, request: link.stream(says([request.json["messages"][0]["content"]])))
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: post(gateway, connection, f"number {n} of {planted.EMAIL}", stream=True), range(40)))
    for n, answer in enumerate(answers):
        assert text_of(answer.content) == f"number {n} of {planted.EMAIL_LABEL}"
        row = gateway.record(answer.headers["x-countersign-exchange"])
        assert (row["ended"], row["preview"]) == ("completed", f"number {n} of {planted.EMAIL_LABEL}")
    assert len({answer.headers["x-countersign-receipt"] for answer in answers}) == 40


def test_a_session_label_keeps_conversations_apart(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("ok")))
    ask = lambda label: post(gateway, connection, **{"x-countersign-session": label}).headers["x-countersign-session"]
    assert ask("one") == ask("one") != ask("two")
    assert all("x-countersign-session" not in request.headers for request in upstream.requests)

"""The OpenAI Python SDK, unmodified: only its base URL and key are changed."""

import json

import openai
import pytest

import planted
from upstream import DONE, chat, delta, event, says


def sdk(gateway, connection, **more):
    """A client as people write it."""
    return openai.OpenAI(base_url=connection.url, api_key=more.pop("api_key", gateway.token), **more)


def ask(content):
    return {"model": "m", "messages": [{"role": "user", "content": content}]}


def test_plain_chat_is_masked_both_ways_and_on_record(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat(f"Write to {planted.EMAIL_2}.")))
    client = sdk(gateway, connection)
    raw = client.chat.completions.with_raw_response.create(**ask(f"I am {planted.EMAIL}"))
    answer = raw.parse()
    assert answer.choices[0].message.content == f"Write to {planted.EMAIL_LABEL}."
    assert answer.usage.total_tokens == 12
    [seen] = upstream.requests
    assert seen.line == "POST /v1/chat/completions HTTP/1.1"
    assert seen.json["messages"][0]["content"] == f"I am {planted.EMAIL_LABEL}"
    assert seen.headers["authorization"] == f"Bearer {connection.secret}"
    assert gateway.token not in str(seen.header_list)
    row = gateway.record(raw.headers["x-countersign-exchange"])
    assert (row["ended"], row["reason"], row["status"], row["shape"]) == ("completed", None, 200, "openai.chat")
    assert (row["prompt_tokens"], row["completion_tokens"]) == (7, 5)
    assert row["entities"] == {"EMAIL_ADDRESS": 2}
    sequence, leaf = raw.headers["x-countersign-receipt"].split(":")
    [ledger] = gateway.sql("SELECT kind, leaf_hash FROM ledger_record WHERE seq = %s", int(sequence))
    assert (ledger["kind"], ledger["leaf_hash"].hex()) == (2, leaf)
    assert raw.headers["x-countersign-masked"] == "1"
    page = gateway.transcript(row)
    assert f"I am {planted.EMAIL_LABEL}" in page and planted.EMAIL not in page


def test_streaming_chat(gateway, behind):
    pieces = ["Dear ", "zelda.qui", "mby@plan", "ted.exam", "ple, hello"]
    upstream, connection = behind(lambda link, request: link.stream(says(pieces)))
    client = sdk(gateway, connection)
    with client.chat.completions.with_streaming_response.create(**ask("hi"), stream=True) as raw:
        chunks = list(raw.parse())
        exchange = raw.headers["x-countersign-exchange"]
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == f"Dear {planted.EMAIL_LABEL}, hello"
    assert chunks[-1].choices[0].finish_reason == "stop"
    row = gateway.record(exchange)
    assert (row["ended"], row["status"], row["entities"]) == ("completed", 200, {"EMAIL_ADDRESS": 1})
    assert f"Dear {planted.EMAIL_LABEL}, hello" in gateway.transcript(row)


def test_streaming_with_usage(gateway, behind):
    usage = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
    tail = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": usage}
    stream = says(["Call ", "+1 415 555", " 2671"], done=False) + event(tail) + DONE
    upstream, connection = behind(lambda link, request: link.stream(stream))
    chunks = list(sdk(gateway, connection).chat.completions.create(
        **ask("hi"), stream=True, stream_options={"include_usage": True}))
    assert upstream.requests[0].json["stream_options"] == {"include_usage": True}
    assert chunks[-1].choices == [] and chunks[-1].usage.total_tokens == 7
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == "Call [PHONE_NUMBER]"
    row = gateway.record(connection.name)
    assert (row["prompt_tokens"], row["completion_tokens"]) == (3, 4)


ARGUMENTS = {"to": planted.EMAIL, "note": f'card "{planted.CARD_SPACED}"\nnow', "n": 3}
MASKED_ARGUMENTS = {"to": planted.EMAIL_LABEL, "note": f'card "{planted.CARD_LABEL}"\nnow', "n": 3}
TOOL = {"type": "function", "function": {"name": "send", "parameters": {"type": "object", "properties": {}}}}


def test_tool_call_arguments_stay_json(gateway, behind):
    call = {"id": "call_1", "type": "function", "function": {"name": "send", "arguments": json.dumps(ARGUMENTS)}}
    upstream, connection = behind(lambda link, request: link.answer(chat(None, "tool_calls", tool_calls=[call])))
    client = sdk(gateway, connection)
    asked = {"model": "m", "tools": [TOOL], "messages": [
        {"role": "user", "content": "send it"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": json.dumps({"sent_to": planted.EMAIL})},
    ]}
    answer = client.chat.completions.create(**asked)
    [got] = answer.choices[0].message.tool_calls
    assert (got.id, got.function.name) == ("call_1", "send")
    assert json.loads(got.function.arguments) == MASKED_ARGUMENTS
    seen = upstream.requests[0].json["messages"]
    assert json.loads(seen[1]["tool_calls"][0]["function"]["arguments"]) == MASKED_ARGUMENTS
    assert json.loads(seen[2]["content"]) == {"sent_to": planted.EMAIL_LABEL}


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_streamed_tool_call_arguments_stay_json(gateway, behind, size):
    text = json.dumps(ARGUMENTS)
    stream = event(delta(role="assistant", content=None, tool_calls=[
        {"index": 0, "id": "call_1", "type": "function", "function": {"name": "send", "arguments": ""}}]))
    for at in range(0, len(text), size):
        stream += event(delta(tool_calls=[{"index": 0, "function": {"arguments": text[at:at + size]}}]))
    stream += event(delta(finish="tool_calls")) + DONE
    upstream, connection = behind(lambda link, request: link.stream(stream))
    chunks = list(sdk(gateway, connection).chat.completions.create(**ask("send it"), tools=[TOOL], stream=True))
    calls = [call for chunk in chunks for call in chunk.choices[0].delta.tool_calls or []]
    assert json.loads("".join(call.function.arguments or "" for call in calls)) == MASKED_ARGUMENTS
    assert [call.function.name for call in calls if call.function.name] == ["send"]
    assert {call.index for call in calls} == {0}
    assert chunks[-1].choices[0].finish_reason == "tool_calls"


def test_sdk_stream_helper_puts_tool_calls_together(gateway, behind):
    text = json.dumps({"to": planted.EMAIL})
    stream = event(delta(role="assistant", tool_calls=[
        {"index": 0, "id": "call_1", "type": "function", "function": {"name": "send", "arguments": text[:9]}}]))
    stream += event(delta(tool_calls=[{"index": 0, "function": {"arguments": text[9:]}}]))
    stream += event(delta(finish="tool_calls")) + DONE
    upstream, connection = behind(lambda link, request: link.stream(stream))
    with sdk(gateway, connection).chat.completions.stream(**ask("send"), tools=[TOOL]) as helper:
        [call] = helper.get_final_completion().choices[0].message.tool_calls
    assert json.loads(call.function.arguments) == {"to": planted.EMAIL_LABEL}


def test_two_choices(gateway, behind):
    answer = chat(f"a {planted.EMAIL}")
    answer["choices"].append({"index": 1, "message": {"role": "assistant", "content": f"b {planted.SSN}"}, "finish_reason": "stop"})
    upstream, connection = behind(lambda link, request: link.answer(answer))
    got = sdk(gateway, connection).chat.completions.create(**ask("hi"), n=2)
    assert [choice.message.content for choice in got.choices] == [f"a {planted.EMAIL_LABEL}", f"b {planted.SSN_LABEL}"]
    assert upstream.requests[0].json["n"] == 2


def test_two_choices_interleaved(gateway, behind):
    stream = b""
    for one, two in zip(["zel", "da.quimby@", "planted.ex", "ample"], ["my ssn ", "536-", "90-43", "99 ok"]):
        stream += event(delta(0, content=one)) + event(delta(1, content=two))
    stream += event(delta(0, finish="stop")) + event(delta(1, finish="length")) + DONE
    upstream, connection = behind(lambda link, request: link.stream(stream))
    texts, ends = {0: "", 1: ""}, {}
    for chunk in sdk(gateway, connection).chat.completions.create(**ask("hi"), n=2, stream=True):
        for choice in chunk.choices:
            texts[choice.index] += choice.delta.content or ""
            ends[choice.index] = choice.finish_reason or ends.get(choice.index)
    assert texts == {0: planted.EMAIL_LABEL, 1: f"my ssn {planted.SSN_LABEL} ok"}
    assert ends == {0: "stop", 1: "length"}


def test_embeddings(gateway, behind):
    data = {"object": "list", "model": "e", "usage": {"prompt_tokens": 2, "total_tokens": 2},
            "data": [{"object": "embedding", "index": 0, "embedding": [0.25, -1.5e-7]}]}
    upstream, connection = behind(lambda link, request: link.answer(data))
    got = sdk(gateway, connection).embeddings.create(
        model="e", input=["plain", f"mail {planted.EMAIL}"], encoding_format="float")
    assert got.data[0].embedding == [0.25, -1.5e-7]
    assert upstream.requests[0].json["input"] == ["plain", f"mail {planted.EMAIL_LABEL}"]
    assert gateway.record(connection.name)["shape"] == "openai.embeddings"


def test_models(gateway, behind):
    listed = {"object": "list", "data": [{"id": "org/model-7b", "object": "model", "created": 1, "owned_by": "us"}]}
    upstream, connection = behind(lambda link, request: link.answer(listed))
    assert [model.id for model in sdk(gateway, connection).models.list()] == ["org/model-7b"]
    assert upstream.requests[0].line == "GET /v1/models HTTP/1.1"
    assert "content-type" not in upstream.requests[0].headers
    assert gateway.record(connection.name)["shape"] == "openai.models"


def test_model_with_slash_in_its_name(gateway, behind):
    model = {"id": "org/model-7b", "object": "model", "created": 1, "owned_by": "us"}
    upstream, connection = behind(lambda link, request: link.answer(model))
    assert sdk(gateway, connection).models.retrieve("org/model-7b").id == "org/model-7b"
    assert upstream.requests[0].target == "/v1/models/org%2Fmodel-7b"


def test_legacy_completions_plain_and_streamed(gateway, behind):
    def one(text, finish=None):
        return {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "m",
                "choices": [{"index": 0, "text": text, "finish_reason": finish, "logprobs": None}]}

    def behave(link, request):
        if request.json.get("stream"):
            link.stream(event(one("zelda.quimby")) + event(one("@planted.example")) + event(one("", "stop")) + DONE)
        else:
            link.answer(one(planted.EMAIL, "stop"))

    upstream, connection = behind(behave)
    client = sdk(gateway, connection)
    plain = client.completions.create(model="m", prompt=f"of {planted.EMAIL}")
    assert plain.choices[0].text == planted.EMAIL_LABEL
    assert upstream.requests[0].json["prompt"] == f"of {planted.EMAIL_LABEL}"
    streamed = client.completions.create(model="m", prompt="x", stream=True)
    assert "".join(chunk.choices[0].text for chunk in streamed) == planted.EMAIL_LABEL
    assert gateway.record(connection.name)["shape"] == "openai.completions"


# Errors, and what the SDK does about them.

def test_wrong_token_is_an_authentication_error_and_nothing_goes_upstream(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("no")))
    with pytest.raises(openai.AuthenticationError) as caught:
        sdk(gateway, connection, api_key="sk-wrong").chat.completions.create(**ask("hi"))
    error = caught.value
    assert (error.code, error.type) == ("invalid_api_key", "authentication_error")
    assert error.response.headers["x-should-retry"] == "false"
    assert error.request_id and error.request_id == error.response.headers["x-request-id"]
    assert upstream.requests == []
    # Not one more refusal than the one request: the SDK did not try again.
    gateway.refusals(connection.name, "invalid_api_key")


def test_unknown_connection_is_not_found(gateway, behind):
    client = openai.OpenAI(base_url=f"{gateway.origin}/c/nowhere", api_key=gateway.token)
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.list()
    assert caught.value.code == "unknown_connection"
    gateway.refusals("nowhere", "unknown_connection")


def test_too_large_is_said_before_anything_is_sent(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("no")), request_bytes="2000")
    with pytest.raises(openai.APIStatusError) as caught:
        sdk(gateway, connection).chat.completions.create(**ask("x" * 3_000_000))
    assert (caught.value.status_code, caught.value.code) == (413, "body_too_large")
    assert upstream.requests == []
    gateway.refusals(connection.name, "body_too_large")


def test_upstream_errors_pass_with_their_shape_masked(gateway, behind):
    error = {"error": {"message": f"no model for {planted.EMAIL}", "type": "invalid_request_error", "param": "model", "code": "bad"}}
    upstream, connection = behind(lambda link, request: link.answer(error, status=400))
    with pytest.raises(openai.BadRequestError) as caught:
        sdk(gateway, connection).chat.completions.create(**ask("hi"))
    assert planted.EMAIL_LABEL in caught.value.message and planted.EMAIL not in str(caught.value.body)
    assert (caught.value.code, caught.value.param) == ("bad", "model")
    row = gateway.record(connection.name)
    assert (row["ended"], row["status"]) == ("upstream_error", 400)


def test_the_sdk_retries_what_may_be_retried_and_each_try_is_on_record(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(
        {"error": {"message": "busy"}} if len(upstream.requests) < 3 else chat("at last"),
        status=503 if len(upstream.requests) < 3 else 200, headers=[("retry-after-ms", "1")]))
    answer = sdk(gateway, connection).chat.completions.create(**ask("hi"))
    assert answer.choices[0].message.content == "at last"
    assert len(upstream.requests) == 3
    gateway.record(connection.name)
    assert gateway.intents(connection.name) == 3


def test_x_should_retry_of_the_upstream_reaches_the_sdk(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(
        {"error": {"message": "hopeless"}}, status=503, headers=[("x-should-retry", "false")]))
    with pytest.raises(openai.InternalServerError):
        sdk(gateway, connection).chat.completions.create(**ask("hi"))
    assert len(upstream.requests) == 1


def test_credential_refused_by_the_upstream_is_not_retried(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer({"error": {"message": "who"}}, status=401))
    with pytest.raises(openai.InternalServerError) as caught:
        sdk(gateway, connection).chat.completions.create(**ask("hi"))
    assert (caught.value.status_code, caught.value.code) == (502, "upstream_credential_rejected")
    assert len(upstream.requests) == 1


def test_a_counted_token_is_spent_once_and_then_refused_without_a_storm(gateway, behind):
    upstream, connection = behind(lambda link, request: link.answer(chat("once")))
    client = sdk(gateway, connection, api_key=gateway.issue_token(max_uses=1), max_retries=5)
    assert client.chat.completions.create(**ask("hi")).choices[0].message.content == "once"
    for _ in range(2):
        with pytest.raises(openai.AuthenticationError) as caught:
            client.chat.completions.create(**ask("hi"))
        assert caught.value.code == "spent_api_key"
    assert len(upstream.requests) == 1
    gateway.refusals(connection.name, "spent_api_key", 2)


def test_stream_of_a_dying_upstream_raises(gateway, behind):
    def behave(link, request):
        link.begin_stream()
        link.chunk(event(delta(role="assistant", content="Once upon")))
        link.chunk(event(delta(content=" a time")))
        link.reset()

    upstream, connection = behind(behave)
    got = ""
    with pytest.raises(openai.APIError) as caught:
        for chunk in sdk(gateway, connection).chat.completions.create(**ask("hi"), stream=True):
            got += chunk.choices[0].delta.content or ""
    assert caught.value.code == "upstream_broken"
    assert "Once upon a time".startswith(got)
    row = gateway.record(connection.name)
    assert (row["ended"], row["reason"]) == ("failed", "upstream_broken")

"""A real llama.cpp server behind the gateway, driven by the OpenAI SDK: the server and the client are not ours.

The model's weights are random, so what it says is noise; a server-side grammar is not used. What is asserted is what must
hold whatever a model says.
"""

import os
import pathlib
import secrets
import subprocess
import sys
import tempfile

import httpx
import openai
import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "clients"))

from gateway import Gateway, eventually, free_port  # noqa: E402

import tiny_model  # noqa: E402

CARD, EMAIL = "4242 4242 4242 4242", "zelda.quimby@planted.example"


@pytest.fixture(scope="module")
def llama():
    """The server with its own key; gives port and key."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="countersign-llama-"))
    tiny_model.write(str(folder / "tiny.gguf"))
    port, key = free_port(), "llama-" + secrets.token_urlsafe(24)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "llama_cpp.server", "--model", folder / "tiny.gguf", "--model_alias", "tiny",
             "--port", str(port), "--api_key", key, "--n_ctx", "2048", "--embedding", "true", "--seed", "1"],
            stdout=log, stderr=subprocess.STDOUT, env=os.environ | {"HF_HUB_OFFLINE": "1"})

    def up():
        assert process.poll() is None, (folder / "log").read_text()[-2000:]
        try:
            return httpx.get(f"http://127.0.0.1:{port}/v1/models", headers={"Authorization": f"Bearer {key}"}).is_success
        except httpx.HTTPError:
            return False

    eventually(up, 60, "llama.cpp")
    yield port, key
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="module")
def gateway():
    running = Gateway()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def connection(gateway, llama):
    port, key = llama
    return gateway.connection(port, secret=key)


@pytest.fixture
def client(gateway, connection):
    return openai.OpenAI(base_url=connection.url, api_key=gateway.token, max_retries=0)


ASK = {"model": "tiny", "messages": [{"role": "user", "content": f"My card is {CARD}, write to {EMAIL}."}], "max_tokens": 24}


def direct(llama):
    port, key = llama
    return openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key=key, max_retries=0)


def test_models_are_the_servers(client):
    assert [model.id for model in client.models.list()] == ["tiny"]


def test_chat(gateway, client):
    raw = client.chat.completions.with_raw_response.create(**ASK)
    answer = raw.parse()
    assert answer.choices[0].message.role == "assistant" and answer.usage.completion_tokens > 0
    assert raw.headers["x-countersign-masked"] == "2"
    row = gateway.record(raw.headers["x-countersign-exchange"])
    assert (row["ended"], row["status"], row["prompt_tokens"]) == ("completed", 200, answer.usage.prompt_tokens)
    page = gateway.transcript(row)
    assert "[CREDIT_CARD]" in page and CARD not in page and EMAIL not in page


def test_the_model_read_the_masked_prompt(client, llama):
    """llama.cpp counts the tokens (bytes, here) of what it was given: as many as of the masked text sent directly."""
    masked = ASK | {"messages": [{"role": "user", "content": "My card is [CREDIT_CARD], write to [EMAIL_ADDRESS]."}]}
    through, given = client.chat.completions.create(**ASK), direct(llama).chat.completions.create(**masked)
    assert through.usage.prompt_tokens == given.usage.prompt_tokens
    assert through.usage.prompt_tokens != direct(llama).chat.completions.create(**ASK).usage.prompt_tokens


def test_streams_say_what_they_say_directly(gateway, client, llama):
    ask = {"model": "tiny", "messages": [{"role": "user", "content": "Tell me a story."}], "max_tokens": 200,
           "temperature": 0.0, "stream": True}
    text = lambda stream: "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
    with client.chat.completions.with_streaming_response.create(**ask) as raw:
        through = text(raw.parse())
        exchange = raw.headers["x-countersign-exchange"]
    assert through == text(direct(llama).chat.completions.create(**ask)) and len(through) > 50
    assert gateway.record(exchange)["ended"] == "completed"


def test_completions_plain_and_streamed(gateway, client, llama):
    ask = {"model": "tiny", "prompt": "Once upon a time", "max_tokens": 64, "temperature": 0.0}
    plain = client.completions.create(**ask).choices[0].text
    assert plain == direct(llama).completions.create(**ask).choices[0].text
    streamed = "".join(chunk.choices[0].text for chunk in client.completions.create(**ask, stream=True))
    assert streamed == plain


def test_embeddings(client, llama):
    ask = {"model": "tiny", "input": ["one", "two words"]}
    through, given = client.embeddings.create(**ask), direct(llama).embeddings.create(**ask)
    assert [len(item.embedding) for item in through.data] == [len(item.embedding) for item in given.data]


def test_an_error_of_the_server_comes_through_and_its_key_does_not(gateway, client, connection, llama):
    with pytest.raises(openai.APIStatusError) as refused:
        client.chat.completions.create(model="tiny", messages=[{"role": "user", "content": "x" * 5000}], max_tokens=5)
    assert refused.value.status_code in (400, 500)
    assert llama[1] not in refused.value.response.text
    # The gateway's token is no key of the server, and the server's key is no token of the gateway.
    for base, key in ((f"http://127.0.0.1:{llama[0]}/v1", gateway.token), (connection.url, llama[1])):
        with pytest.raises(openai.AuthenticationError):
            openai.OpenAI(base_url=base, api_key=key, max_retries=0).models.list()


def test_leaving_early_is_on_record_and_the_server_goes_on(gateway, client, connection):
    ask = {"model": "tiny", "messages": [{"role": "user", "content": "Go on and on."}], "max_tokens": 1500, "stream": True}
    with client.chat.completions.with_streaming_response.create(**ask) as raw:
        exchange = raw.headers["x-countersign-exchange"]
        next(raw.iter_lines())
    assert gateway.record(exchange)["ended"] in ("client_gone", "completed")
    assert client.chat.completions.create(**ASK).choices


def test_the_chain_holds(gateway):
    program = os.environ.get("COUNTERSIGN_BIN", HERE.parents[1] / "target/debug/countersign")
    said = subprocess.run([program, "verify", "--data-dir", gateway.data], capture_output=True, text=True, cwd=HERE.parents[1])
    assert said.returncode == 0, said.stdout + said.stderr


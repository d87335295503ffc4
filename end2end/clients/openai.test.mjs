// The OpenAI SDK for JavaScript, unmodified: only its base URL and key are changed.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import OpenAI from "openai";
import { Gateway } from "./gateway.mjs";

const EMAIL = "zelda.quimby@planted.example";
const LABEL = "[EMAIL_ADDRESS]";
const DONE = "data: [DONE]\n\n";

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway?.stop());

/** A model server that answers with `behave(request, response)`; keeps what it was sent. */
async function behind(t, behave, settings) {
  const seen = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const piece of request.setEncoding("utf8")) text += piece;
    const got = { method: request.method, url: request.url, headers: request.headers, body: text && JSON.parse(text) };
    seen.push(got);
    behave(got, response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => (server.close(), server.closeAllConnections()));
  const connection = await gateway.connection(`http://127.0.0.1:${server.address().port}/v1`, settings);
  return { seen, connection };
}

const sdk = (connection, more) => new OpenAI({ baseURL: connection.url, apiKey: gateway.token, ...more });
const ask = (content) => ({ model: "m", messages: [{ role: "user", content }] });

function json(response, body, status = 200, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

function chat(content, more = {}, finish_reason = "stop") {
  const choices = [{ index: 0, message: { role: "assistant", content, ...more }, finish_reason }];
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
  return { id: "chatcmpl-1", object: "chat.completion", created: 1, model: "m", choices, usage };
}

function chunk(delta, finish_reason = null, index = 0) {
  const body = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index, delta, finish_reason }] };
  return `data: ${JSON.stringify(body)}\n\n`;
}

function stream(response, ...events) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events) response.write(event);
  response.end();
}

const pieces = (text, size) => text.match(new RegExp(`[^]{1,${size}}`, "g"));

test("plain chat", async (t) => {
  const { seen, connection } = await behind(t, (_, response) => json(response, chat(`mail ${EMAIL}`)));
  const { data, response } = await sdk(connection).chat.completions.create(ask(`I am ${EMAIL}`)).withResponse();
  assert.equal(data.choices[0].message.content, `mail ${LABEL}`);
  assert.equal(seen[0].url, "/v1/chat/completions");
  assert.equal(seen[0].body.messages[0].content, `I am ${LABEL}`);
  assert.equal(seen[0].headers.authorization, `Bearer ${connection.secret}`);
  assert.match(response.headers.get("x-countersign-receipt"), /^\d+:[0-9a-f]{64}$/);
  const page = await gateway.transcript(response.headers.get("x-countersign-session"), `I am ${LABEL}`);
  assert.ok(!page.includes(EMAIL));
});

test("streamed chat, with usage", async (t) => {
  const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
  const last = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "m", choices: [], usage };
  const { seen, connection } = await behind(t, (_, response) =>
    stream(response, chunk({ role: "assistant", content: "" }), ...pieces(`mail ${EMAIL}, bye`, 3).map((content) => chunk({ content })),
      chunk({}, "stop"), `data: ${JSON.stringify(last)}\n\n`, DONE));
  let text = "";
  let counted;
  for await (const part of await sdk(connection).chat.completions.create({ ...ask("hi"), stream: true, stream_options: { include_usage: true } })) {
    text += part.choices[0]?.delta.content ?? "";
    counted = part.usage ?? counted;
  }
  assert.equal(text, `mail ${LABEL}, bye`);
  assert.deepEqual(counted, usage);
  assert.deepEqual(seen[0].body.stream_options, { include_usage: true });
});

test("tool calls, plain and streamed, keep valid arguments", async (t) => {
  const text = JSON.stringify({ to: EMAIL, note: `say "${EMAIL}"\n`, n: 3 });
  const masked = { to: LABEL, note: `say "${LABEL}"\n`, n: 3 };
  const named = (args) => ({ id: "call_1", type: "function", function: { name: "send", arguments: args } });
  const { connection } = await behind(t, (request, response) => {
    if (!request.body.stream) return json(response, chat(null, { tool_calls: [named(text)] }, "tool_calls"));
    stream(response, chunk({ role: "assistant", tool_calls: [{ index: 0, ...named("") }] }),
      ...pieces(text, 5).map((part) => chunk({ tool_calls: [{ index: 0, function: { arguments: part } }] })), chunk({}, "tool_calls"), DONE);
  });
  const tools = [{ type: "function", function: { name: "send", parameters: { type: "object", properties: {} } } }];
  const plain = await sdk(connection).chat.completions.create({ ...ask("send"), tools });
  assert.deepEqual(JSON.parse(plain.choices[0].message.tool_calls[0].function.arguments), masked);
  const helper = sdk(connection).chat.completions.stream({ ...ask("send"), tools });
  const [call] = (await helper.finalChatCompletion()).choices[0].message.tool_calls;
  assert.equal(call.function.name, "send");
  assert.deepEqual(JSON.parse(call.function.arguments), masked);
});

test("two choices, interleaved", async (t) => {
  const parts = pieces(EMAIL, 6).flatMap((content) => [chunk({ content }, null, 0), chunk({ content: content.toUpperCase() }, null, 1)]);
  const { connection } = await behind(t, (_, response) => stream(response, ...parts, chunk({}, "stop", 0), chunk({}, "stop", 1), DONE));
  const texts = ["", ""];
  for await (const part of await sdk(connection).chat.completions.create({ ...ask("hi"), n: 2, stream: true }))
    for (const choice of part.choices) texts[choice.index] += choice.delta.content ?? "";
  assert.deepEqual(texts, [LABEL, LABEL]);
});

test("embeddings (the SDK asks for base64), models, legacy completions", async (t) => {
  const numbers = new Float32Array([0.25, -1.5, 3e-7]);
  const packed = Buffer.from(numbers.buffer).toString("base64");
  const { seen, connection } = await behind(t, (request, response) => {
    if (request.url.endsWith("/embeddings"))
      return json(response, { object: "list", model: "e", data: [{ object: "embedding", index: 0, embedding: packed }], usage: { prompt_tokens: 1, total_tokens: 1 } });
    if (request.url.endsWith("/models")) return json(response, { object: "list", data: [{ id: "m", object: "model", created: 1, owned_by: "us" }] });
    json(response, { id: "cmpl-1", object: "text_completion", created: 1, model: "m", choices: [{ index: 0, text: EMAIL, finish_reason: "stop", logprobs: null }] });
  });
  const client = sdk(connection);
  const got = await client.embeddings.create({ model: "e", input: ["plain", `mail ${EMAIL}`] });
  assert.equal(seen[0].body.encoding_format, "base64");
  assert.deepEqual(got.data[0].embedding, [...numbers]);
  assert.deepEqual(seen[0].body.input, ["plain", `mail ${LABEL}`]);
  assert.deepEqual((await client.models.list()).data.map((model) => model.id), ["m"]);
  const text = await client.completions.create({ model: "m", prompt: `of ${EMAIL}` });
  assert.equal(text.choices[0].text, LABEL);
  assert.equal(seen[2].body.prompt, `of ${LABEL}`);
});

test("errors are the SDK's own classes, and nothing is tried again in vain", async (t) => {
  const { seen, connection } = await behind(t, (_, response) => json(response, { error: { message: `bad ${EMAIL}`, code: "odd" } }, 400));
  await assert.rejects(sdk(connection, { apiKey: "sk-wrong" }).models.list(), (error) => {
    assert.ok(error instanceof OpenAI.AuthenticationError);
    assert.equal(error.code, "invalid_api_key");
    assert.match(error.requestID, /^req_/);
    return true;
  });
  await assert.rejects(new OpenAI({ baseURL: `${gateway.origin}/c/nowhere`, apiKey: gateway.token }).models.list(), (error) =>
    error instanceof OpenAI.NotFoundError && error.code === "unknown_connection");
  assert.equal(seen.length, 0);
  await assert.rejects(sdk(connection).chat.completions.create(ask("hi")), (error) =>
    error instanceof OpenAI.BadRequestError && error.code === "odd" && error.message.includes(LABEL) && !error.message.includes(EMAIL));
  assert.equal(seen.length, 1);
});

test("a body that is too large is 413 and goes nowhere", async (t) => {
  const { seen, connection } = await behind(t, (_, response) => json(response, chat("no")), { request_bytes: "2000" });
  await assert.rejects(sdk(connection).chat.completions.create(ask("x".repeat(100_000))), (error) =>
    error instanceof OpenAI.APIError && error.status === 413 && error.code === "body_too_large");
  assert.equal(seen.length, 0);
});

test("retries are the SDK's: 503 is tried again, x-should-retry: false is not", async (t) => {
  let hopeless = false;
  const { seen, connection } = await behind(t, (_, response) =>
    json(response, { error: { message: "busy" } }, 503, { "retry-after-ms": "1", ...(hopeless && { "x-should-retry": "false" }) }));
  await assert.rejects(sdk(connection).chat.completions.create(ask("hi")), OpenAI.InternalServerError);
  assert.equal(seen.length, 3);
  hopeless = true;
  await assert.rejects(sdk(connection).chat.completions.create(ask("hi")), OpenAI.InternalServerError);
  assert.equal(seen.length, 4);
});

test("a spent token is refused without a storm", async (t) => {
  const { seen, connection } = await behind(t, (_, response) => json(response, chat("once")));
  const client = sdk(connection, { apiKey: await gateway.issueToken(1), maxRetries: 5 });
  assert.equal((await client.chat.completions.create(ask("hi"))).choices[0].message.content, "once");
  const began = Date.now();
  await assert.rejects(client.chat.completions.create(ask("hi")), (error) => error instanceof OpenAI.AuthenticationError && error.code === "spent_api_key");
  assert.ok(Date.now() - began < 500, "no waiting between tries");
  assert.equal(seen.length, 1);
});

test("a stream whose upstream dies raises", async (t) => {
  const { connection } = await behind(t, (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(chunk({ content: "Once upon" }), () => response.socket.resetAndDestroy());
  });
  await assert.rejects(async () => {
    for await (const _ of await sdk(connection).chat.completions.create({ ...ask("hi"), stream: true }));
  }, (error) => error instanceof OpenAI.APIError && error.code === "upstream_broken");
});

test("leaving a stream cancels the model", async (t) => {
  let closed;
  const left = new Promise((done) => (closed = done));
  const { connection } = await behind(t, (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const writing = setInterval(() => response.write(chunk({ content: "more words. " })), 5);
    response.on("close", () => (clearInterval(writing), closed(Date.now())));
  });
  const answer = await sdk(connection).chat.completions.create({ ...ask("hi"), stream: true });
  for await (const _ of answer) break;
  const began = Date.now();
  assert.ok((await left) - began < 1000);
});

test("the Responses API passes, masked, though its shape is not understood", async (t) => {
  const item = (text) => ({ type: "message", id: "msg_1", status: "completed", role: "assistant", content: [{ type: "output_text", text, annotations: [] }] });
  const { seen, connection } = await behind(t, (_, response) =>
    json(response, { id: "resp_1", object: "response", created_at: 1, model: "m", status: "completed", output: [item(`mail ${EMAIL}`)] }));
  const answer = await sdk(connection).responses.create({ model: "m", instructions: "be kind", input: `I am ${EMAIL}` });
  assert.equal(answer.output_text, `mail ${LABEL}`);
  assert.equal(seen[0].body.input, `I am ${LABEL}`);
});

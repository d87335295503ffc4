// A model server nobody here wrote. Its journal is the witness: what the model saw, and whose key came with it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LLMock } from "@copilotkit/aimock";
import OpenAI from "openai";
import { Gateway } from "./gateway.mjs";

const EMAIL = "zelda.quimby@planted.example";
const LABEL = "[EMAIL_ADDRESS]";
const ANSWER = `Write to ${EMAIL}, or call 536-90-4399. Thank you.`;
const MASKED = `Write to ${LABEL}, or call [US_SSN]. Thank you.`;

let gateway, mock, connection, client;
before(async () => {
  gateway = await Gateway.start();
  // Three characters an event: every value is cut.
  mock = await LLMock.create({ port: 0, logLevel: "silent", chunkSize: 3 });
  mock.onMessage(/^chat/, { content: ANSWER });
  mock.onMessage(/^think/, { content: ANSWER, reasoning: `They wrote from ${EMAIL}.` });
  mock.onMessage(/^tool/, { toolCalls: [{ name: "send_mail", arguments: JSON.stringify({ to: EMAIL, body: `"${EMAIL}"` }) }] });
  mock.onMessage(/^cut/, { content: ANSWER.repeat(20) }, { truncateAfterChunks: 5, latency: 5 });
  mock.onMessage(/^limit/, { error: { message: `slow down, ${EMAIL}`, type: "rate_limit_error", code: "rate" }, status: 429 });
  mock.onEmbedding(/EMAIL_ADDRESS/, { embedding: [0.5, 0.25] });
  // Its journal hides Authorization, so the key comes in a header of its own.
  connection = await gateway.connection(`${mock.url}/v1`, { credential_kind: "header", credential_header: "x-model-key" });
  client = new OpenAI({ baseURL: connection.url, apiKey: gateway.token, maxRetries: 0 });
});
after(async () => {
  await gateway?.stop();
  await mock?.stop();
});

const ask = (content) => ({ model: "gpt-4o", messages: [{ role: "system", content: `for ${EMAIL}` }, { role: "user", content }] });

test("the model sees the mask and the gateway's own key, never the caller's token", async () => {
  const answer = await client.chat.completions.create(ask(`chat with ${EMAIL}`));
  assert.equal(answer.choices[0].message.content, MASKED);
  const seen = mock.getLastRequest();
  assert.deepEqual(seen.body.messages.map((message) => message.content), [`for ${LABEL}`, `chat with ${LABEL}`]);
  assert.equal(seen.headers["x-model-key"], connection.secret);
  assert.ok(!("authorization" in seen.headers));
});

test("a stream cut every three characters", async () => {
  let text = "";
  for await (const part of await client.chat.completions.create({ ...ask("chat"), stream: true })) text += part.choices[0]?.delta.content ?? "";
  assert.equal(text, MASKED);
});

test("reasoning is masked like the answer", async () => {
  let text = "", reasoning = "";
  for await (const part of await client.chat.completions.create({ ...ask("think"), stream: true })) {
    text += part.choices[0]?.delta.content ?? "";
    reasoning += part.choices[0]?.delta.reasoning_content ?? "";
  }
  assert.deepEqual([text, reasoning], [MASKED, `They wrote from ${LABEL}.`]);
});

test("tool calls, plain and streamed", async () => {
  const expected = { to: LABEL, body: `"${LABEL}"` };
  const plain = await client.chat.completions.create(ask("tool"));
  assert.deepEqual(JSON.parse(plain.choices[0].message.tool_calls[0].function.arguments), expected);
  const [call] = (await client.chat.completions.stream(ask("tool")).finalChatCompletion()).choices[0].message.tool_calls;
  assert.equal(call.function.name, "send_mail");
  assert.deepEqual(JSON.parse(call.function.arguments), expected);
});

test("embeddings match on the masked text only", async () => {
  const got = await client.embeddings.create({ model: "e", input: `of ${EMAIL}`, encoding_format: "float" });
  assert.deepEqual(got.data[0].embedding, [0.5, 0.25]);
});

test("models", async () => {
  assert.ok((await client.models.list()).data.some((model) => model.id === "gpt-4o"));
});

test("the Responses API, streamed: the deltas and every repetition of the whole", async () => {
  let text = "";
  const events = [];
  for await (const event of await client.responses.create({ model: "gpt-4o", input: "chat", stream: true })) {
    events.push(event);
    if (event.type === "response.output_text.delta") text += event.delta;
  }
  assert.equal(text, MASKED);
  assert.ok(!JSON.stringify(events).includes(EMAIL));
  assert.equal(events.find((event) => event.type === "response.output_text.done").text, MASKED);
});

test("a stream it breaks off is no clean end", async () => {
  await assert.rejects(async () => {
    for await (const _ of await client.chat.completions.create({ ...ask("cut"), stream: true }));
  }, (error) => error instanceof OpenAI.APIError && error.code === "upstream_broken");
});

test("its errors keep their class and lose their secrets", async () => {
  await assert.rejects(client.chat.completions.create(ask("limit")), (error) =>
    error instanceof OpenAI.RateLimitError && error.message.includes(LABEL) && !error.message.includes(EMAIL));
});

test("nothing of it all in the journal or in the log", () => {
  const journal = JSON.stringify(mock.getRequests().map(({ headers, body, path }) => ({ headers, body, path })));
  assert.ok(mock.getRequests().length >= 9);
  for (const secret of [EMAIL, gateway.token]) assert.ok(!journal.includes(secret));
  for (const secret of [EMAIL, gateway.token, connection.secret]) assert.ok(!gateway.log.includes(secret));
});

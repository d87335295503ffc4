// Callers of models: the real OpenAI package through the gateway.
import OpenAI from "openai";

import { addresses } from "./surroundings.ts";

/** A client as people paste it from the Connect page. */
export const client = (token: string, connection = "sample") =>
  new OpenAI({ baseURL: `${addresses.pages}/c/${connection}`, apiKey: token, maxRetries: 0 });

export const MODEL = "countersign-sample";

/** One streamed chat; gives the whole answer. */
export async function say(token: string, text: string, connection = "sample"): Promise<string> {
  const stream = await client(token, connection).chat.completions.create({
    model: MODEL,
    messages: [{ role: "user", content: text }],
    stream: true,
  });
  let answer = "";
  for await (const chunk of stream) answer += chunk.choices[0]?.delta.content ?? "";
  return answer;
}

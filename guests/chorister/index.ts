// One voice of a zone: counts aloud when it is told to START, listens to the others' TICKs, and REPORTs what it heard of each, in order.
import { answer } from "../wasmbus/guest";
import { Message, onMessage, publish } from "../wasmbus/messaging";

const me = "actor";
// By speaker, the numbers in the order they came.
const heard = new Map<string, Array<string>>();

export function __guest_call(operationLength: usize, payloadLength: usize): bool {
  return answer(operationLength, payloadLength);
}

onMessage((message: Message): void => {
  if (message.subject == "ROLL_CALL") say("PRESENT", '{"name":"' + me + '","runtime":"wasm"}');
  else if (message.subject == "START") count(i32(parseInt(message.body)));
  else if (message.subject == "TICK") hear(field(message.body, "by"), field(message.body, "number"));
  else if (message.subject == "REPORT") say("REPORTED", '{"name":"' + me + '","heard":' + report() + "}");
});

function count(ticks: i32): void {
  for (let number = 1; number <= ticks; number++) say("TICK", '{"by":"' + me + '","number":' + number.toString() + "}");
}

function hear(speaker: string, number: string): void {
  if (!heard.has(speaker)) heard.set(speaker, new Array<string>());
  heard.get(speaker).push(number);
}

function report(): string {
  const speakers = heard.keys();
  const parts = new Array<string>();
  for (let i = 0; i < speakers.length; i++) parts.push('"' + speakers[i] + '":[' + heard.get(speakers[i]).join(",") + "]");
  return "{" + parts.join(",") + "}";
}

function say(intent: string, json: string): void {
  const said = publish(intent, json);
  if (!said.isOk) throw new Error(said.error()!.message);
}

// A field of a flat JSON object, without the quotes around a text; empty when there is none.
function field(json: string, name: string): string {
  const key = '"' + name + '":';
  const at = json.indexOf(key);
  if (at < 0) return "";
  let start = at + key.length;
  const end = json.charAt(start) == '"' ? json.indexOf('"', ++start) : i32(Math.min(indexOrEnd(json, ",", start), indexOrEnd(json, "}", start)));
  return json.substring(start, end);
}

function indexOrEnd(text: string, part: string, from: i32): i32 {
  const at = text.indexOf(part, from);
  return at < 0 ? text.length : at;
}

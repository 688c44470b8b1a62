// Misbehaves on request, so that tests can show that it costs nobody else anything. The path chooses how.
import { consoleLog } from "@wapc/as-guest";
import { HttpRequest, HttpResponse, onRequest } from "../wasmbus/http";
import { answer } from "../wasmbus/guest";

export function __guest_call(operationLength: usize, payloadLength: usize): bool {
  return answer(operationLength, payloadLength);
}

let spun: u32 = 0;

onRequest(misbehave);

function misbehave(request: HttpRequest): HttpResponse {
  if (request.path == "/loop") return loop();
  if (request.path == "/memory") return memoryBomb();
  if (request.path == "/stack") return HttpResponse.text(200, recurse(1).toString() + "\n");
  if (request.path == "/response") return giantResponse();
  if (request.path == "/log") return logForever();
  if (request.path == "/trap") unreachable();
  return HttpResponse.text(200, "Quiet for now\n");
}

function loop(): HttpResponse {
  while (true) spun++;
}

// Takes page after page and writes to each, so that the memory is really used; traps when no more is given.
function memoryBomb(): HttpResponse {
  while (true) {
    const page = memory.grow(1);
    if (page < 0) unreachable();
    memory.fill(<usize>page << 16, 0xa5, 1 << 16);
  }
}

// Work is left after each call, so that no compiler can turn this into a loop.
function recurse(depth: u32): u32 {
  spun++;
  return recurse(depth + 1) + depth;
}

function giantResponse(): HttpResponse {
  return new HttpResponse(200, "application/octet-stream", new ArrayBuffer(16 << 20));
}

function logForever(): HttpResponse {
  while (true) consoleLog("again");
}

// Counts: each request adds one to the number kept under the path, "default" for none, and answers {"counter":N}.
import { HttpRequest, HttpResponse, onRequest, quote } from "../wasmbus/http";
import { increment } from "../wasmbus/keyvalue";
import { answer } from "../wasmbus/guest";

export function __guest_call(operationLength: usize, payloadLength: usize): bool {
  return answer(operationLength, payloadLength);
}

onRequest(count);

function count(request: HttpRequest): HttpResponse {
  const counted = increment(keyIn(request.path), 1);
  return counted.isOk
    ? HttpResponse.json(200, '{"counter":' + counted.get().toString() + "}\n")
    : HttpResponse.json(503, '{"error":' + quote("The count could not be kept: " + counted.error()!.message) + "}\n");
}

function keyIn(path: string): string {
  let start = 0;
  let end = path.length;
  while (start < end && path.charAt(start) == "/") start++;
  while (end > start && path.charAt(end - 1) == "/") end--;
  return start < end ? path.substring(start, end) : "default";
}

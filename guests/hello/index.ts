// Greets: GET /Ada or GET /?name=Ada answers "Hello, Ada!", as JSON to those who accept it or say ?format=json.
import { decodePercent, HttpRequest, HttpResponse, onRequest, quote } from "../wasmbus/http";
import { answer } from "../wasmbus/guest";

export function __guest_call(operationLength: usize, payloadLength: usize): bool {
  return answer(operationLength, payloadLength);
}

onRequest(hello);

function hello(request: HttpRequest): HttpResponse {
  const greeting = "Hello, " + nameIn(request) + "!";
  if (request.query("format") != "json" && request.headerValue("accept").indexOf("application/json") < 0) {
    return HttpResponse.text(200, greeting + "\n");
  }

  return HttpResponse.json(
    200,
    '{"greeting":' + quote(greeting) + ',"method":' + quote(request.method) + ',"path":' + quote(request.path) + "}\n",
  );
}

function nameIn(request: HttpRequest): string {
  const name = request.query("name");
  if (name.length > 0) return name;

  const segment = decodePercent(request.path.substring(request.path.lastIndexOf("/") + 1));
  return segment.length > 0 ? segment : "world";
}

// The contract wasmcloud:httpserver, as far as an actor meets it: HttpServer.HandleRequest.
import { register, Result } from "@wapc/as-guest";
import { Decoder, Encoder, Sizer, Writer } from "@wapc/as-msgpack";

export class HttpRequest {
  method: string = "";
  path: string = "";
  queryString: string = "";
  header: Map<string, Array<string>> = new Map();
  body: ArrayBuffer = new ArrayBuffer(0);

  static decode(payload: ArrayBuffer): HttpRequest {
    const decoder = new Decoder(payload);
    const request = new HttpRequest();
    for (let fields = decoder.readMapSize(); fields > 0; fields--) {
      const name = decoder.readString();
      if (name == "method") request.method = decoder.readString();
      else if (name == "path") request.path = decoder.readString();
      else if (name == "queryString") request.queryString = decoder.readString();
      else if (name == "header") request.header = decoder.readMap(readString, readStrings);
      else if (name == "body") request.body = decoder.readByteArray();
      else decoder.skip();
    }
    return request;
  }

  // The first value of a header, whatever the case of its name; empty when there is none.
  headerValue(name: string): string {
    const names = this.header.keys();
    for (let i = 0; i < names.length; i++) {
      if (!sameLetters(names[i], name)) continue;
      const values = this.header.get(names[i]);
      if (values.length > 0) return values[0];
    }
    return "";
  }

  // A field of the query string, decoded; empty when there is none.
  query(name: string): string {
    const fields = this.queryString.split("&");
    for (let i = 0; i < fields.length; i++) {
      const equals = fields[i].indexOf("=");
      const key = equals < 0 ? fields[i] : fields[i].substring(0, equals);
      if (decodePercent(key) == name) return equals < 0 ? "" : decodePercent(fields[i].substring(equals + 1));
    }
    return "";
  }
}

export class HttpResponse {
  constructor(
    public status: u16,
    public contentType: string,
    public body: ArrayBuffer,
  ) {}

  static text(status: u16, text: string): HttpResponse {
    return new HttpResponse(status, "text/plain; charset=utf-8", String.UTF8.encode(text));
  }

  static json(status: u16, json: string): HttpResponse {
    return new HttpResponse(status, "application/json", String.UTF8.encode(json));
  }

  encode(): ArrayBuffer {
    const sizer = new Sizer();
    this.write(sizer);
    const payload = new ArrayBuffer(sizer.length);
    this.write(new Encoder(payload));
    return payload;
  }

  private write(writer: Writer): void {
    writer.writeMapSize(3);
    writer.writeString("statusCode");
    writer.writeUInt16(this.status);
    writer.writeString("header");
    writer.writeMapSize(1);
    writer.writeString("content-type");
    writer.writeArraySize(1);
    writer.writeString(this.contentType);
    writer.writeString("body");
    writer.writeByteArray(this.body);
  }
}

type Handler = (request: HttpRequest) => HttpResponse;

let current: Handler = unhandled;

export function onRequest(handler: Handler): void {
  current = handler;
  register("HttpServer.HandleRequest", handleRequest);
}

// Percent-encoding and "+" undone; what is not properly encoded stays as it was sent.
export function decodePercent(text: string): string {
  const source = String.UTF8.encode(text);
  const target = new Uint8Array(source.byteLength);
  const bytes = Uint8Array.wrap(source);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i];
    if (byte == 0x2b) {
      byte = 0x20;
    } else if (byte == 0x25 && i + 2 < bytes.length) {
      const high = hexDigit(bytes[i + 1]);
      const low = hexDigit(bytes[i + 2]);
      if (high >= 0 && low >= 0) {
        byte = <u8>((high << 4) | low);
        i += 2;
      }
    }
    target[length++] = byte;
  }
  return String.UTF8.decode(target.buffer.slice(0, length));
}

// A JSON string literal.
export function quote(text: string): string {
  let literal = '"';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit == 0x22 || unit == 0x5c) literal += "\\" + text.charAt(i);
    else if (unit < 0x20) literal += "\\u00" + (unit < 0x10 ? "0" : "1") + "0123456789abcdef".charAt(unit & 15);
    else literal += text.charAt(i);
  }
  return literal + '"';
}

function handleRequest(payload: ArrayBuffer): Result<ArrayBuffer> {
  return Result.ok(current(HttpRequest.decode(payload)).encode());
}

function unhandled(_: HttpRequest): HttpResponse {
  return HttpResponse.text(404, "Not found\n");
}

function readString(decoder: Decoder): string {
  return decoder.readString();
}

function readStrings(decoder: Decoder): Array<string> {
  return decoder.readArray(readString);
}

// Equal but for the case of ASCII letters; toLowerCase would bring eight kilobytes of Unicode tables.
function sameLetters(one: string, other: string): bool {
  if (one.length != other.length) return false;
  for (let i = 0; i < one.length; i++) {
    if (lower(one.charCodeAt(i)) != lower(other.charCodeAt(i))) return false;
  }
  return true;
}

function lower(unit: i32): i32 {
  return unit >= 0x41 && unit <= 0x5a ? unit | 0x20 : unit;
}

function hexDigit(byte: u8): i32 {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}

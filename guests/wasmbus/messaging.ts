// The contract wasmcloud:messaging: what a zone says to an actor that is linked to it, and what the actor says there.
import { hostCall, register, Result } from "@wapc/as-guest";
import { Decoder, Encoder, Sizer, Writer } from "@wapc/as-msgpack";

export class Message {
  // An intent's name.
  subject: string = "";
  // Where the answer of an invocation is to be published; empty for an intent.
  replyTo: string = "";
  // JSON, as text.
  body: string = "";

  static decode(payload: ArrayBuffer): Message {
    const decoder = new Decoder(payload);
    const message = new Message();
    for (let fields = decoder.readMapSize(); fields > 0; fields--) {
      const name = decoder.readString();
      if (name == "subject") message.subject = decoder.readString();
      else if (name == "replyTo" && !decoder.isNextNil()) message.replyTo = decoder.readString();
      else if (name == "body") message.body = String.UTF8.decode(decoder.readByteArray());
      else if (name != "replyTo") decoder.skip();
    }
    return message;
  }
}

// Has each message handled by a function; what it throws or traps with is told to the zone.
export function onMessage(handle: (message: Message) => void): void {
  handler = handle;
  register("MessageSubscriber.HandleMessage", (payload: ArrayBuffer): Result<ArrayBuffer> => {
    handler(Message.decode(payload));
    return Result.ok(new ArrayBuffer(0));
  });
}

// Says an intent with JSON as its data. An error is the host's sentence.
export function publish(subject: string, json: string): Result<ArrayBuffer> {
  const body = String.UTF8.encode(json);
  const sizer = new Sizer();
  writeMessage(sizer, subject, body);
  const payload = new ArrayBuffer(sizer.length);
  writeMessage(new Encoder(payload), subject, body);
  return hostCall("default", "wasmcloud:messaging", "Messaging.Publish", payload);
}

let handler: (message: Message) => void = (_: Message): void => {};

function writeMessage(writer: Writer, subject: string, body: ArrayBuffer): void {
  writer.writeMapSize(2);
  writer.writeString("subject");
  writer.writeString(subject);
  writer.writeString("body");
  writer.writeByteArray(body);
}

// The contract wasmcloud:keyvalue, as far as the counter needs it.
import { hostCall, Result } from "@wapc/as-guest";
import { Decoder, Encoder, Sizer, Writer } from "@wapc/as-msgpack";

// Adds to the number kept under a key and tells what it is now. An error is the host's sentence.
export function increment(key: string, value: i32): Result<i32> {
  const sizer = new Sizer();
  writeIncrement(sizer, key, value);
  const payload = new ArrayBuffer(sizer.length);
  writeIncrement(new Encoder(payload), key, value);

  const answer = hostCall("default", "wasmcloud:keyvalue", "KeyValue.Increment", payload);
  if (!answer.isOk) return Result.error<i32>(answer.error()!);
  return Result.ok(new Decoder(answer.get()).readInt32());
}

function writeIncrement(writer: Writer, key: string, value: i32): void {
  writer.writeMapSize(2);
  writer.writeString("key");
  writer.writeString(key);
  writer.writeString("value");
  writer.writeInt32(value);
}

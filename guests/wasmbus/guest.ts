// The entry of every actor here: a call comes in, its operation is looked up, and the garbage it left is collected.
import "./abort"; // named on the command line, so nothing else asks for it
import { handleCall, register, Result } from "@wapc/as-guest";
import { Encoder } from "@wapc/as-msgpack";

export function answer(operationLength: usize, payloadLength: usize): bool {
  const answered = handleCall(operationLength, payloadLength);
  // The minimal runtime collects when told to, and here is the one place where no object is in use any more: the host has copied the answer
  // before __guest_response returned. So memory stays where the largest call has brought it.
  __collect();
  return answered;
}

function healthRequest(_: ArrayBuffer): Result<ArrayBuffer> {
  const answer = new ArrayBuffer(10);
  const encoder = new Encoder(answer);
  encoder.writeMapSize(1);
  encoder.writeString("healthy");
  encoder.writeBool(true);
  return Result.ok(answer);
}

register("Actor.HealthRequest", healthRequest);

// Where an exception ends (asc --use abort=...): the host gets its message, then the call traps. Apart from the rest and without the guest library,
// since the compiler needs it before either.
@external("wapc", "__guest_error")
declare function guestError(ptr: usize, length: usize): void;

export function abort(message: string | null, _file: string | null, _line: u32, _column: u32): void {
  const text = String.UTF8.encode(message !== null ? message : "The actor failed.");
  guestError(changetype<usize>(text), text.byteLength);
  unreachable();
}

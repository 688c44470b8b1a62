namespace Allotrope.Wasm;

enum Opcode
{
    Unreachable = 0,
}

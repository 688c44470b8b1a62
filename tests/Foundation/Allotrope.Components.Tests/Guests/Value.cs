using System.Text;

namespace Allotrope.Components.Tests.Guests;

public readonly record struct Point(int X, double Y, string Name);

[Flags]
public enum Rights : byte
{
    None = 0,
    Read = 1,
    Write = 2,
    Remove = 4,
}

public enum Colour
{
    Red,
    Green,
    Blue,
}

public abstract record Value
{
    public sealed record Nothing : Value;

    public sealed record Truth(bool Value) : Value;

    public sealed record Small(sbyte Value) : Value;

    public sealed record Large(ulong Value) : Value;

    public sealed record Single(float Value) : Value;

    public sealed record Letter(Rune Value) : Value;

    public sealed record Text(string Value) : Value;

    public sealed record Bytes(ReadOnlyMemory<byte> Value) : Value;

    public sealed record Pair((short, string) Value) : Value;

    public sealed record Maybe(string? Value) : Value;

    public sealed record Outcome(Result<uint, string> Value) : Value;

    public sealed record Allowed(Rights Value) : Value;

    public sealed record Paint(Colour Value) : Value;

    public sealed record Place(Point Value) : Value;
}

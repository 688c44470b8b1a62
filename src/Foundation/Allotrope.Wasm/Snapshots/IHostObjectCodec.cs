namespace Allotrope.Wasm;

/// <summary>Turns objects of the host that guests hold (externref) into bytes and back. One object is written once, however many places hold it.</summary>
public interface IHostObjectCodec
{
    /// <summary>The object as bytes, the same for the same state on every machine; null when it cannot be captured.</summary>
    byte[]? Write(object value);

    /// <summary>The object that stands for the bytes, which come from a file and may be anything.</summary>
    /// <exception cref="DamagedStateException">They stand for none.</exception>
    object Read(ReadOnlySpan<byte> bytes);
}

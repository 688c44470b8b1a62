using System.Text;

namespace Allotrope.Actors.Tests;

/// <summary>Small module binaries, section by section.</summary>
static class Modules
{
    public static readonly byte[] Header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

    /// <summary>An empty type section whose length takes one byte, or as many as linkers pad it to.</summary>
    public static byte[] TypeSection(bool padded = false) => padded ? [1, 0x81, 0x80, 0x80, 0x80, 0x00, 0] : [1, 1, 0];

    public static byte[] Custom(string name, string content)
    {
        byte[] body = [(byte)name.Length, .. Encoding.UTF8.GetBytes(name), .. Encoding.UTF8.GetBytes(content)];
        return [0, (byte)((body.Length & 0x7f) | 0x80), (byte)(body.Length >> 7), .. body];
    }

    public static byte[] Of(params byte[][] sections) => [.. Header, .. sections.SelectMany(section => section)];
}

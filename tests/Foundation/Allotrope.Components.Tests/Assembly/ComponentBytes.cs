using System.Text;

namespace Allotrope.Components.Tests.Assembly;

/// <summary>Puts components together byte by byte; the letters are those of the format's grammar.</summary>
static class ComponentBytes
{
    public static byte[] Component(params byte[][] sections) => Join([0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0], Join(sections));

    public static byte[] Section(byte id, byte[] body) => Join([id], Number((uint)body.Length), body);

    /// <summary>A core module, in hexadecimal.</summary>
    public static byte[] Module(string hex) => Section(1, Convert.FromHexString(hex));

    public static byte[] List(params byte[][] items) => Join(Number((uint)items.Length), Join(items));

    public static byte[] Name(string name) => Join(Number((uint)name.Length), Encoding.UTF8.GetBytes(name));

    /// <summary>The name of an import or export.</summary>
    public static byte[] ExternName(string name) => Join([0], Name(name));

    /// <summary>A core instance of a module.</summary>
    public static byte[] Instance(uint module, params byte[][] arguments) => Join([0], Number(module), List(arguments));

    public static byte[] Argument(string name, uint instance) => Join(Name(name), [0x12], Number(instance));

    public static byte[] CoreAlias(byte sort, uint instance, string name) => Join([0, sort, 1], Number(instance), Name(name));

    public static byte[] Bytes(params byte[] bytes) => bytes;

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    static byte[] Number(uint value)
    {
        var bytes = new List<byte>();
        do
        {
            var low = (byte)(value & 0x7F);
            value >>= 7;
            bytes.Add(value != 0 ? (byte)(low | 0x80) : low);
        }
        while (value != 0);
        return [.. bytes];
    }
}

using System.Runtime.InteropServices;
using System.Text;

namespace Allotrope.Components.Tests.Differential;

/// <summary>
/// Strings between components of each pair of encodings: what the one that gets them sees of it, call by call of its allocator, is what the specification's
/// algorithm does, and what the slow way does.
/// </summary>
public sealed class StringPassingTests
{
    const uint At = 1 << 10;

    static readonly string[] Texts =
    [
        "", "a", "é", "\u4e00", "😀", "plain text of some length, longer than a vector of letters is", "naïve façade, où êtes-vous? Grüße aus Köln an ÿ",
        "plain text up to a point, from there on \u4e00\u4e01 and é and 😀 again", "é before \u4e00", "😀é", "\0\u007f\u0080\u00ff\u0100\u07ff\u0800\uffff",
        new('a', 20_000), new('ö', 20_000), new('\u4e00', 20_000), $"{new string('a', 10_000)}é{new string('a', 10_000)}\u0100{new string('é', 999)}",
    ];

    public static TheoryData<int, int, int, Room> Pairs()
    {
        var data = new TheoryData<int, int, int, Room>();
        foreach (var (from, form) in new[]
        {
            (StringEncoding.Utf8, TextForm.Utf8), (StringEncoding.Utf16, TextForm.Utf16), (StringEncoding.Latin1OrUtf16, TextForm.Latin1), (StringEncoding.Latin1OrUtf16, TextForm.Utf16),
        })
        {
            foreach (var to in Enum.GetValues<StringEncoding>())
                foreach (var allocator in Enum.GetValues<Room>())
                    data.Add((int)from, (int)form, (int)to, allocator);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_guest_sees_what_the_specification_does(int from, int form, int to, Room allocator)
    {
        var random = new Random(20261122);
        foreach (var text in Texts.Concat(Enumerable.Range(0, 30).Select(_ => Text(random))).Where(text => form != (int)TextForm.Latin1 || text.All(letter => letter < 0x100)))
        {
            using var front = new StringGuest((StringEncoding)from);
            using var back = new StringGuest((StringEncoding)to, allocator);
            back.Boundary.Peer = front.Boundary;
            var passed = front.Boundary.LoadPassedString(At, Write(front, text, (TextForm)form));
            var address = back.Boundary.StorePassedString(passed, out var units);

            var model = new StringModel(allocator);
            Assert.Equal(model.Store(text, (StringEncoding)from, (TextForm)form, (StringEncoding)to), ((uint)address, (uint)units));
            Assert.Equal(model.Calls, back.Calls);
            Assert.True(model.Memory.AsSpan().SequenceEqual(back.Memory[..model.Memory.Length]));
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_slow_way_asks_for_the_same_room(int from, int form, int to, Room allocator)
    {
        foreach (var text in Texts.Where(text => form != (int)TextForm.Latin1 || text.All(letter => letter < 0x100)))
        {
            using var front = new StringGuest((StringEncoding)from);
            using var back = new StringGuest((StringEncoding)to, allocator);
            var given = Strings.Load(new AbiContext(front.State, front.Options, new CallScope()), At, Write(front, text, (TextForm)form));
            var (address, units) = Strings.Store(new AbiContext(back.State, back.Options, new CallScope()), given);

            var model = new StringModel(allocator);
            Assert.Equal(model.Store(text, (StringEncoding)from, (TextForm)form, (StringEncoding)to), ((uint)address, (uint)units));
            Assert.Equal(model.Calls.Select(call => call with { Content = 0 }), back.Calls.Select(call => call with { Content = 0 }));
            Assert.Equal(text, back.Boundary.LoadString(address, units));
        }
    }

    [Theory]
    [InlineData(StringEncodingNames.Utf8, "ff")]
    [InlineData(StringEncodingNames.Utf8, "61c3")]
    [InlineData(StringEncodingNames.Utf8, "c080")]
    [InlineData(StringEncodingNames.Utf8, "eda080")]
    [InlineData(StringEncodingNames.Utf8, "eda080edb080")]
    [InlineData(StringEncodingNames.Utf8, "f4908080")]
    [InlineData(StringEncodingNames.Utf16, "00d8")]
    [InlineData(StringEncodingNames.Utf16, "00dc")]
    [InlineData(StringEncodingNames.Utf16, "610000d8")]
    [InlineData(StringEncodingNames.Utf16, "00dc00d8")]
    [InlineData(StringEncodingNames.Utf16, "00d800d800dc")]
    [InlineData(StringEncodingNames.Either, "00d86100")]
    public void What_is_no_text_traps_before_anybody_is_asked_for_room(StringEncodingNames encoding, string bytes)
    {
        using var front = new StringGuest((StringEncoding)encoding);
        var content = Convert.FromHexString(bytes);
        content.CopyTo(front.Memory[(int)At..]);
        var units = encoding == StringEncodingNames.Utf8 ? (ulong)content.Length : (ulong)content.Length / 2;
        if (encoding == StringEncodingNames.Either)
            units |= 1u << 31;
        var generated = Assert.Throws<ComponentTrap>(() => front.Boundary.LoadPassedString(At, units));
        var slow = Assert.Throws<ComponentTrap>(() => Strings.Load(new AbiContext(front.State, front.Options, new CallScope()), At, units));
        Assert.Equal(slow.Message, generated.Message);
    }

    [Theory]
    [InlineData(1u << 22, 4u, StringEncodingNames.Utf8)]
    [InlineData((1u << 22) - 2, 4u, StringEncodingNames.Utf8)]
    [InlineData(1025u, 2u, StringEncodingNames.Utf16)]
    [InlineData(1025u, 2u, StringEncodingNames.Either)]
    [InlineData(1024u, 0x7fff_ffffu, StringEncodingNames.Utf8)]
    [InlineData(1024u, 0x0fff_ffffu, StringEncodingNames.Utf16)]
    [InlineData(1024u, 0x8fff_ffffu, StringEncodingNames.Either)]
    public void What_is_not_in_memory_or_not_aligned_traps(uint address, uint units, StringEncodingNames encoding)
    {
        using var front = new StringGuest((StringEncoding)encoding);
        Assert.Throws<ComponentTrap>(() => front.Boundary.LoadPassedString(address, units));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void An_allocator_that_lies_at_any_call_traps(int from, int form, int to, Room allocator)
    {
        foreach (var text in new[] { "né, far beyond \u4e00", "né" }.Where(text => form != (int)TextForm.Latin1 || text.All(letter => letter < 0x100)))
        {
            var model = new StringModel(allocator);
            model.Store(text, (StringEncoding)from, (TextForm)form, (StringEncoding)to);
            foreach (var (call, asked) in model.Calls.Index())
            {
                foreach (var offset in asked.Alignment > 1 ? [1, 1 << 22, -(1 << 20)] : new[] { 1 << 22, -(1 << 20) })
                {
                    using var front = new StringGuest((StringEncoding)from);
                    using var back = new StringGuest((StringEncoding)to, allocator, (call + 1, offset));
                    back.Boundary.Peer = front.Boundary;
                    var passed = front.Boundary.LoadPassedString(At, Write(front, text, (TextForm)form));
                    Assert.Throws<ComponentTrap>(() => back.Boundary.StorePassedString(passed, out _));
                    Assert.Equal(call + 1, back.Calls.Count);
                }
            }
        }
    }

    public enum StringEncodingNames
    {
        Utf8 = StringEncoding.Utf8,
        Utf16 = StringEncoding.Utf16,
        Either = StringEncoding.Latin1OrUtf16,
    }

    /// <returns>Its length, with the mark of UTF-16 where there is one.</returns>
    static ulong Write(StringGuest guest, string text, TextForm form)
    {
        var bytes = form switch
        {
            TextForm.Utf8 => Encoding.UTF8.GetBytes(text),
            TextForm.Latin1 => Encoding.Latin1.GetBytes(text),
            _ => MemoryMarshal.AsBytes(text.AsSpan()),
        };
        bytes.CopyTo(guest.Memory[(int)At..]);
        if (form != TextForm.Utf16)
            return (ulong)bytes.Length;
        return (uint)text.Length | (guest.Options.Encoding == StringEncoding.Latin1OrUtf16 ? 1u << 31 : 0);
    }

    static string Text(Random random)
    {
        var most = random.Next(3) switch { 0 => 0x80, 1 => 0x100, _ => 0x110000 };
        var text = new StringBuilder();
        for (var left = random.Next(200); left > 0; left--)
            text.Append(random.Next(3) > 0 ? new Rune((char)random.Next(0x80)) : random.Next(most) is var letter && Rune.IsValid(letter) ? new Rune(letter) : new Rune('x'));
        return text.ToString();
    }
}

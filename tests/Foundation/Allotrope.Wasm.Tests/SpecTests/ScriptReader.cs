using System.Buffers;
using System.Globalization;
using System.Text;

namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>
/// Reads a test script (S-expressions with byte strings) into its top-level lists. Open lists are kept on a stack of our own,
/// so that nesting costs heap and not the thread's stack.
/// </summary>
ref struct ScriptReader(ReadOnlySpan<byte> source)
{
    static readonly SearchValues<byte> WordEnds = SearchValues.Create(" \t\r\n()\""u8);

    readonly ReadOnlySpan<byte> _source = source;
    int _at;
    int _line = 1;

    /// <exception cref="FormatException">The script is not well-formed; the message names the line.</exception>
    public static List<Node.Sequence> Read(ReadOnlySpan<byte> source) => new ScriptReader(source).ReadAll();

    List<Node.Sequence> ReadAll()
    {
        var script = new List<Node.Sequence>();
        var open = new Stack<(int Line, List<Node> Items)>();
        while (SkipSpace())
        {
            var line = _line;
            switch (_source[_at])
            {
                case (byte)'(':
                    _at++;
                    open.Push((line, []));
                    continue;
                case (byte)')':
                    _at++;
                    if (!open.TryPop(out var closed)) throw Error("a ')' closes nothing");
                    var list = new Node.Sequence(closed.Line, closed.Items);
                    if (open.TryPeek(out var parent)) parent.Items.Add(list);
                    else script.Add(list);
                    continue;
            }
            if (!open.TryPeek(out var current)) throw Error("only lists may stand at the top level");
            current.Items.Add(_source[_at] == '"' ? ReadText(line) : ReadWord(line));
        }
        return open.TryPeek(out var unclosed) ? throw new FormatException($"line {unclosed.Line}: the list is never closed.") : script;
    }

    bool SkipSpace()
    {
        for (; _at < _source.Length; _at++)
            if (_source[_at] == '\n') _line++;
            else if (_source[_at] is not ((byte)' ' or (byte)'\t' or (byte)'\r')) return true;
        return false;
    }

    Node.Word ReadWord(int line)
    {
        var length = _source[_at..].IndexOfAny(WordEnds);
        var word = length < 0 ? _source[_at..] : _source.Slice(_at, length);
        _at += word.Length;
        return new(line, Encoding.UTF8.GetString(word));
    }

    Node.Text ReadText(int line)
    {
        var bytes = new List<byte>();
        _at++;
        while (_at < _source.Length)
        {
            var next = _source[_at++];
            if (next == '"') return new(line, [.. bytes]);
            if (next == '\n') throw Error("a string runs past the end of its line");
            if (next == '\\') ReadEscape(bytes);
            else bytes.Add(next);
        }
        throw Error("a string is never closed");
    }

    void ReadEscape(List<byte> bytes)
    {
        var rest = _source[_at..];
        switch (rest)
        {
            case [var quoted and ((byte)'"' or (byte)'\\' or (byte)'\''), ..]:
                bytes.Add(quoted);
                _at++;
                break;
            case [(byte)'t', ..]:
                bytes.Add((byte)'\t');
                _at++;
                break;
            case [(byte)'n', ..]:
                bytes.Add((byte)'\n');
                _at++;
                break;
            case [(byte)'r', ..]:
                bytes.Add((byte)'\r');
                _at++;
                break;
            case [(byte)'u', (byte)'{', .. var scalar] when scalar.IndexOf((byte)'}') is var end and > 0
                && int.TryParse(scalar[..end], NumberStyles.AllowHexSpecifier, null, out var code) && Rune.IsValid(code):
                bytes.AddRange(Encoding.UTF8.GetBytes(new Rune(code).ToString()));
                _at += end + 3;
                break;
            case [_, _, ..] when byte.TryParse(rest[..2], NumberStyles.AllowHexSpecifier, null, out var value):
                bytes.Add(value);
                _at += 2;
                break;
            default:
                throw Error("an escape must be two hexadecimal digits, a quoted character or a \\u{code point}");
        }
    }

    readonly FormatException Error(string what) => new($"line {_line}: {what}.");
}

using System.Text;

namespace Allotrope.Components.Wit;

/// <summary>Cuts a WIT file into words, one at a time.</summary>
sealed class WitLexer
{
    readonly string _file;
    readonly string _text;
    int _at;
    int _line = 1;
    int _lineStart;
    StringBuilder? _docs;

    internal WitLexer(string file, string text)
    {
        (_file, _text) = (file, text);
        if (text.Length > WitLimits.FileLength)
            throw Wrong(Here, $"the file has {text.Length} characters and may have {WitLimits.FileLength}: divide it among several");
        if (text.Length > 0 && text[0] == '\uFEFF')
            _at = _lineStart = 1;
    }

    WitPosition Here => new(_file, _line, _at - _lineStart + 1);

    internal WitToken Next()
    {
        _docs = null;
        SkipSpace();
        var (start, position) = (_at, Here);
        if (_at == _text.Length)
            return Token(WitTokenKind.End, "", position, start);
        var letter = _text[_at];
        if (WitLabel.IsLetter(letter) || letter == '%')
            return Identifier(position);
        if (WitLabel.IsDigit(letter))
        {
            while (WitLabel.IsDigit(Peek()))
                _at++;
            return Token(WitTokenKind.Integer, _text.Substring(start, _at - start), position, start);
        }

        if (letter == '"')
            return String(position);
        if (letter == '-' && Peek(1) == '>')
        {
            _at += 2;
            return Token(WitTokenKind.Symbol, "->", position, start);
        }

        if ("=,:;(){}<>*/.@_".IndexOf(letter) < 0)
            throw Wrong(position, $"{Shown(letter)} has no meaning in WIT outside of comments and strings: remove it");
        _at++;
        return Token(WitTokenKind.Symbol, letter.ToString(), position, start);
    }

    /// <summary>Reads a version right where the last token ended, such as the <c>@</c> before it.</summary>
    internal string Version()
    {
        SkipSpace();
        var (start, position) = (_at, Here);
        for (var part = 0; part < 3; part++)
        {
            if (part > 0 && Peek() == '.')
                _at++;
            while (WitLabel.IsDigit(Peek()))
                _at++;
        }

        foreach (var mark in "-+")
        {
            if (Peek() != mark)
                continue;
            _at++;
            while (IsVersionLetter(Peek()) || (Peek() == '.' && IsVersionLetter(Peek(1))))
                _at++;
        }

        var text = _text.Substring(start, _at - start);
        return WitVersion.Problem(text) is { } problem ? throw Wrong(position, $"`{text}` is no version: {problem}; write three numbers such as 0.2.0") : text;
    }

    static bool IsVersionLetter(char letter) => WitLabel.IsLetter(letter) || WitLabel.IsDigit(letter) || letter == '-';

    WitToken Identifier(WitPosition position)
    {
        var start = _at;
        var isExplicit = _text[_at] == '%';
        if (isExplicit)
            _at++;
        var first = _at;
        while (WitLabel.IsLetter(Peek()) || WitLabel.IsDigit(Peek()) || (Peek() == '-' && Peek(1) != '>'))
            _at++;
        var name = _text.Substring(first, _at - first);
        return WitLabel.IsValid(name)
            ? new(WitTokenKind.Identifier, name, position, start, _at, isExplicit, _docs?.ToString())
            : throw Wrong(position, $"`{name}` is no name: write words of small letters and digits (or all of capitals), joined by single `-`, the first beginning with a letter");
    }

    WitToken String(WitPosition position)
    {
        var start = _at++;
        var value = new StringBuilder();
        while (true)
        {
            switch (Peek())
            {
                case '\0' or '\n':
                    throw Wrong(position, "the string has no end on its line: close it with `\"`");
                case '"':
                    _at++;
                    return Token(WitTokenKind.Text, value.ToString(), position, start);
                case '\\':
                    value.Append(Escape());
                    break;
                default:
                    value.Append(Allowed());
                    break;
            }
        }
    }

    string Escape()
    {
        var position = Here;
        _at += 2;
        switch (_text.Length < _at ? '\0' : _text[_at - 1])
        {
            case 't': return "\t";
            case 'n': return "\n";
            case 'r': return "\r";
            case '"': return "\"";
            case '\'': return "'";
            case '\\': return "\\";
            case 'u' when Peek() == '{' && _text.IndexOf('}', _at) is var end && end > _at + 1 && end < _at + 10
                && TryReadCode(_text.Substring(_at + 1, end - _at - 1), out var code)
                && code is >= 0 and < 0xD800 or > 0xDFFF and <= 0x10FFFF:
                _at = end + 1;
                return char.ConvertFromUtf32(code);
            default:
                throw Wrong(position, "the escape is none of \\t \\n \\r \\\" \\' \\\\ \\u{...}: write one of those");
        }
    }

    static bool TryReadCode(string digits, out int code) => int.TryParse(digits, System.Globalization.NumberStyles.AllowHexSpecifier, null, out code);

    void SkipSpace()
    {
        while (_at < _text.Length)
        {
            switch (_text[_at])
            {
                case '\n':
                    _at++;
                    _line++;
                    _lineStart = _at;
                    break;
                case ' ' or '\t' or '\r':
                    _at++;
                    break;
                case '/' when Peek(1) == '/':
                    LineComment();
                    break;
                case '/' when Peek(1) == '*':
                    BlockComment();
                    break;
                default:
                    return;
            }
        }
    }

    void LineComment()
    {
        var isDocs = Peek(2) == '/' && Peek(3) != '/';
        _at += isDocs ? 3 : 2;
        var start = _at;
        while (_at < _text.Length && _text[_at] != '\n')
            Allowed();
        if (isDocs)
            AddDocs(_text.Substring(start, _at - start));
    }

    void BlockComment()
    {
        var position = Here;
        var isDocs = Peek(2) == '*' && Peek(3) is not ('*' or '/');
        _at += isDocs ? 3 : 2;
        var start = _at;
        for (var depth = 1; depth > 0;)
        {
            if (_at == _text.Length)
                throw Wrong(position, "the comment has no end: close it with `*/`, once for each `/*`");
            if (Peek() == '*' && Peek(1) == '/')
            {
                depth--;
                _at += 2;
            }
            else if (Peek() == '/' && Peek(1) == '*')
            {
                depth++;
                _at += 2;
            }
            else if (Allowed() == '\n')
            {
                _line++;
                _lineStart = _at;
            }
        }

        if (!isDocs)
            return;
        foreach (var line in _text.Substring(start, _at - 2 - start).Trim().Split('\n'))
            AddDocs(line.Trim() is var text && text.Length > 0 && text[0] == '*' ? text.Substring(1) : text);
    }

    void AddDocs(string line)
    {
        if (_docs is null)
            _docs = new StringBuilder();
        else
            _docs.Append('\n');
        line = line.TrimEnd();
        _docs.Append(line.Length > 0 && line[0] == ' ' ? line.Substring(1) : line);
    }

    /// <summary>Takes a character, unless it makes a text look other than it is.</summary>
    char Allowed()
    {
        var letter = _text[_at];
        if (letter is (< ' ' and not ('\n' or '\r' or '\t')) or '\u007F' or (>= '\u0080' and <= '\u009F') or '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')
            or '\u0149' or '\u0673' or '\u0F77' or '\u0F79' or '\u17A3' or '\u17A4' or '\u17B4' or '\u17B5')
            throw Wrong(Here, $"{Shown(letter)} is not allowed in WIT, in comments neither: remove it");
        _at++;
        return letter;
    }

    static string Shown(char letter) => letter is > ' ' and < '\u007F' ? $"`{letter}`" : $"the character U+{((int)letter).ToString("X4")}";

    char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    WitToken Token(WitTokenKind kind, string text, WitPosition position, int start) => new(kind, text, position, start, _at, false, _docs?.ToString());

    static WitException Wrong(WitPosition position, string problem) => new(position, problem, WitMistake.Text);
}

using System.Text;
using Allotrope.Components;

namespace Allotrope.Wasi.Http;

/// <summary>
/// Headers or trailers: names and values in the order they came, names alike whatever their case. What is not a guest's to say (the host, the connection)
/// can neither be set nor is it there to be read.
/// </summary>
/// <param name="holdings">Pay for what the guest puts into it.</param>
public sealed class Fields(HttpHoldings holdings) : IFields
{
    /// <summary>What an entry takes beside its name and value.</summary>
    const int EntryBytes = 96;

    readonly List<(string Name, ReadOnlyMemory<byte> Value)> _entries = [];
    int _bytes, _paid, _holders = 1;

    public int Count => _entries.Count;

    /// <summary>Of the names and values that the guest has put in.</summary>
    public int Bytes => _bytes;

    /// <summary>Whether the guest may no longer change them: they came from outside, or belong to a message.</summary>
    public bool IsImmutable { get; private set; }

    /// <summary>What came from outside, a character for each byte of a value. What a guest could not set is left out.</summary>
    /// <param name="holdings">Pay for the guest's copies.</param>
    public static Fields Of(IEnumerable<KeyValuePair<string, string>> pairs, HttpHoldings holdings)
    {
        var fields = new Fields(holdings);
        foreach (var (name, value) in pairs)
            if (!FieldRules.IsForbidden(name))
                fields._entries.Add((name, Encoding.Latin1.GetBytes(value)));
        return fields.Seal();
    }

    /// <summary>What came from outside because the guest asked for it: it pays for that.</summary>
    /// <param name="holdings">Pay for all of it.</param>
    internal static Fields Held(IEnumerable<KeyValuePair<string, string>> pairs, HttpHoldings holdings)
    {
        var fields = Of(pairs, holdings);
        var price = fields._entries.Sum(entry => Price(entry.Name, entry.Value));
        holdings.TakeFields(price);
        fields._paid = price;
        return fields;
    }

    /// <summary>Names and values for those who send them, a character for each byte of a value.</summary>
    public IEnumerable<KeyValuePair<string, string>> Texts() =>
        _entries.Select(entry => KeyValuePair.Create(entry.Name, Encoding.Latin1.GetString(entry.Value.Span)));

    /// <summary>The length that the fields announce, if they do.</summary>
    public ulong? ContentLength
    {
        get
        {
            var values = Get("content-length");
            return values is [var only] && ulong.TryParse(only.Span, System.Globalization.NumberStyles.None, null, out var length) ? length : null;
        }
    }

    public static Result<IFields, HeaderError> FromList((string, ReadOnlyMemory<byte>)[] entries, HttpHoldings holdings)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var fields = new Fields(holdings);
        foreach (var (name, value) in entries)
        {
            if (fields.Append(name, value) is { IsOk: false, Error: var error })
            {
                fields.Dispose();
                return error;
            }
        }

        return fields;
    }

    public ReadOnlyMemory<byte>[] Get(string name) => [.. _entries.Where(entry => IsSame(entry.Name, name)).Select(entry => entry.Value)];

    public bool Has(string name) => _entries.Exists(entry => IsSame(entry.Name, name));

    public Result<Unit, HeaderError> Set(string name, ReadOnlyMemory<byte>[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (Refusal(name, value) is { } error)
            return error;
        Remove(name);
        foreach (var each in value)
            Add(name, each);
        return default(Unit);
    }

    public Result<Unit, HeaderError> Delete(string name)
    {
        if (Refusal(name, []) is { } error)
            return error;
        Remove(name);
        return default(Unit);
    }

    public Result<Unit, HeaderError> Append(string name, ReadOnlyMemory<byte> value)
    {
        if (Refusal(name, [value]) is { } error)
            return error;
        Add(name, value);
        return default(Unit);
    }

    public (string, ReadOnlyMemory<byte>)[] Entries() => [.. _entries];

    /// <summary>A copy that can be changed.</summary>
    public IFields Clone()
    {
        var copy = new Fields(holdings);
        foreach (var (name, value) in _entries)
            copy.Add(name, value);
        return copy;
    }

    /// <summary>Makes them immutable.</summary>
    public Fields Seal()
    {
        IsImmutable = true;
        return this;
    }

    /// <summary>For another handle of the guest's, which is dropped by itself.</summary>
    internal Fields Share()
    {
        _holders++;
        return this;
    }

    /// <summary>One of those who hold it has let go.</summary>
    public void Dispose()
    {
        if (--_holders > 0)
            return;
        holdings.GiveFields(_paid);
        _paid = 0;
    }

    HeaderError? Refusal(string name, ReadOnlySpan<ReadOnlyMemory<byte>> values)
    {
        if (!FieldRules.IsName(name))
            return new HeaderError.InvalidSyntax();
        foreach (var value in values)
            if (!FieldRules.IsValue(value.Span))
                return new HeaderError.InvalidSyntax();
        return FieldRules.IsForbidden(name) ? new HeaderError.Forbidden() : IsImmutable ? new HeaderError.Immutable() : null;
    }

    void Add(string name, ReadOnlyMemory<byte> value)
    {
        _bytes += name.Length + value.Length;
        if (_bytes > FieldRules.MostBytes)
            throw new ComponentTrap($"fields of more than {FieldRules.MostBytes} bytes");
        holdings.TakeFields(Price(name, value));
        _paid += Price(name, value);
        _entries.Add((name, value));
    }

    static int Price(string name, ReadOnlyMemory<byte> value) => EntryBytes + name.Length * sizeof(char) + value.Length;

    void Remove(string name)
    {
        foreach (var (known, value) in _entries)
        {
            if (!IsSame(known, name))
                continue;
            _bytes -= known.Length + value.Length;
            _paid -= Price(known, value);
            holdings.GiveFields(Price(known, value));
        }

        _entries.RemoveAll(entry => IsSame(entry.Name, name));
    }

    static bool IsSame(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}

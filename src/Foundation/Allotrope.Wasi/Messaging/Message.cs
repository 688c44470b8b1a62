using Allotrope.Components;

namespace Allotrope.Wasi.Messaging;

/// <summary>A message as a guest makes it or gets it. Used by one instance at a time.</summary>
/// <param name="data">Its content.</param>
/// <param name="topic">Where it came in; null for one that the guest made.</param>
public sealed class Message(ReadOnlyMemory<byte> data, string? topic = null) : IMessage
{
    /// <summary>Most entries of metadata, and most characters of one: what the host holds for a message beside its data.</summary>
    public const int Entries = 64, EntryLength = 4096;

    readonly List<(string Key, string Value)> _metadata = [];
    ReadOnlyMemory<byte> _data = data;
    string? _contentType;

    /// <summary>Where a reply to it goes; null when its sender waits for none.</summary>
    internal Replies? Replies { get; set; }

    public string? Topic() => topic;

    public string? ContentType() => _contentType;

    public void SetContentType(string contentType) => _contentType = Bounded(contentType);

    public ReadOnlyMemory<byte> Data() => _data;

    public void SetData(ReadOnlyMemory<byte> data) => _data = data;

    public (string, string)[]? Metadata() => _metadata.Count == 0 ? null : [.. _metadata];

    public void AddMetadata(string key, string value)
    {
        if (_metadata.Count == Entries)
            throw new ComponentTrap($"a message has at most {Entries} entries of metadata");
        _metadata.Add((Bounded(key), Bounded(value)));
    }

    public void SetMetadata((string, string)[] meta)
    {
        _metadata.Clear();
        foreach (var (key, value) in meta)
            AddMetadata(key, value);
    }

    public void RemoveMetadata(string key) => _metadata.RemoveAll(entry => entry.Key == key);

    public void Dispose()
    {
    }

    /// <summary>The same message as one that came in at a topic.</summary>
    public Message At(string topic)
    {
        var copy = new Message(_data, topic) { _contentType = _contentType };
        copy._metadata.AddRange(_metadata);
        return copy;
    }

    static string Bounded(string text) =>
        text.Length <= EntryLength ? text : throw new ComponentTrap($"an entry of a message's metadata has at most {EntryLength} characters, not {text.Length}");
}

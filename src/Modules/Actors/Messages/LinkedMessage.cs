using Allotrope.Components;
using Allotrope.Contracts;
using Allotrope.Wasi.Messaging;

namespace Allotrope.Actors;

/// <summary>A message as a guest makes it or gets it. What it holds counts until it is dropped.</summary>
sealed class LinkedMessage : IMessage
{
    /// <summary>Most entries of metadata, and most characters of each half of one and of the content type.</summary>
    public const int Entries = 64, TextLength = 4096;

    /// <summary>About what a message, and an entry of its metadata, takes beside its characters.</summary>
    const int Overhead = 128;

    readonly MessageHoldings _holdings;
    BrokerMessage _message;
    long _held;

    /// <param name="message">That has come.</param>
    /// <param name="provider">From where, which is where replies to it go.</param>
    public LinkedMessage(MessageHoldings holdings, BrokerMessage message, string? provider)
    {
        (_holdings, _message, Provider) = (holdings, message, provider);
        Become(message);
    }

    /// <summary>One that the guest makes.</summary>
    public LinkedMessage(MessageHoldings holdings, ReadOnlyMemory<byte> data)
        : this(holdings, new BrokerMessage("", data), provider: null)
    {
    }

    public string? Provider { get; }

    /// <summary>Where a reply to it is awaited, if one is.</summary>
    public string? ReplyTo => _message.ReplyTo;

    /// <summary>What a message of these contents counts as.</summary>
    public static long BytesOf(BrokerMessage message) =>
        Overhead + message.Body.Length + BytesOf(message.ContentType) + message.Metadata.Sum(entry => Overhead + BytesOf(entry.Key) + BytesOf(entry.Value));

    /// <summary>The message as it is sent.</summary>
    public BrokerMessage To(string topic) => _message with { Subject = topic, ReplyTo = null };

    public string? Topic() => Provider is null ? null : _message.Subject;

    public string? ContentType() => _message.ContentType;

    public void SetContentType(string contentType)
    {
        Check(contentType);
        Become(_message with { ContentType = contentType });
    }

    public ReadOnlyMemory<byte> Data() => _message.Body;

    public void SetData(ReadOnlyMemory<byte> data) => Become(_message with { Body = data });

    public (string, string)[]? Metadata() => _message.Metadata.Count == 0 ? null : [.. _message.Metadata.Select(entry => (entry.Key, entry.Value))];

    /// <summary>In place of what was there of that key.</summary>
    public void AddMetadata(string key, string value) => SetMetadata([.. Without(key), KeyValuePair.Create(key, value)]);

    public void SetMetadata((string, string)[] meta) => SetMetadata([.. meta.Select(entry => KeyValuePair.Create(entry.Item1, entry.Item2))]);

    public void RemoveMetadata(string key) => Become(_message with { Metadata = [.. Without(key)] });

    public void Dispose()
    {
        _holdings.Take(-_held);
        _held = 0;
    }

    void SetMetadata(List<KeyValuePair<string, string>> metadata)
    {
        if (metadata.Count > Entries)
            throw new ComponentTrap($"a message has at most {Entries} entries of metadata");
        foreach (var (key, value) in metadata)
        {
            Check(key);
            Check(value);
        }
        Become(_message with { Metadata = metadata });
    }

    IEnumerable<KeyValuePair<string, string>> Without(string key) => _message.Metadata.Where(entry => entry.Key != key);

    void Become(BrokerMessage message)
    {
        var held = BytesOf(message);
        _holdings.Take(held - _held);
        (_message, _held) = (message, held);
    }

    static long BytesOf(string? text) => 2L * (text?.Length ?? 0);

    static void Check(string text)
    {
        if (text.Length > TextLength)
            throw new ComponentTrap($"the content type and metadata of a message have at most {TextLength} characters each, not {text.Length}");
    }
}

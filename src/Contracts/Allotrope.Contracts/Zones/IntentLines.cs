using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Allotrope.Contracts;

/// <summary>
/// The format of archived intents: one JSON object a line, <see cref="IntentRecord"/> as the bus has it. A file may have been cut off or damaged: lines
/// that are none are counted and passed over, however long they are.
/// </summary>
public static class IntentLines
{
    /// <summary>Of a line: the largest intent's data fits, each byte of it written as an escape.</summary>
    public const int LongestLine = 2 * 1024 * 1024;

    const int LongestName = 256;
    const int BufferBytes = 64 * 1024;

    public static byte[] Write(IntentRecord intent) => [.. JsonSerializer.SerializeToUtf8Bytes(intent, ContractsJson.Default.IntentRecord), (byte)'\n'];

    /// <summary>Reads all lines. Not more than one of them is held in memory.</summary>
    /// <param name="damaged">Told the number of each line, from 1, that is no intent.</param>
    public static async IAsyncEnumerable<IntentRecord> ReadAsync(
        Stream file, Action<long> damaged, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var (line, buffer, number, isTooLong) = (new ArrayBufferWriter<byte>(), new byte[BufferBytes], 1L, false);
        while (await file.ReadAsync(buffer, cancellation) is > 0 and var read)
            for (var at = 0; at < read;)
            {
                var end = Array.IndexOf(buffer, (byte)'\n', at, read - at);
                var stop = end < 0 ? read : end;
                isTooLong |= line.WrittenCount + stop - at > LongestLine;
                if (!isTooLong)
                    line.Write(buffer.AsSpan(at, stop - at));
                at = stop + 1;
                if (end < 0)
                    break;
                if (!isTooLong && Parse(line) is { } intent)
                    yield return intent;
                else
                    damaged(number);
                (number, isTooLong) = (number + 1, false);
                line.ResetWrittenCount();
            }
        if (line.WrittenCount == 0 && !isTooLong)
            yield break;
        if (!isTooLong && Parse(line) is { } last)
            yield return last;
        else
            damaged(number);
    }

    static IntentRecord? Parse(ArrayBufferWriter<byte> line)
    {
        try
        {
            var intent = JsonSerializer.Deserialize(line.WrittenSpan, ContractsJson.Default.IntentRecord);
            if (intent is not { Name: { } name, Origin: { } origin, Zone: { } zone, Data: { } data } || !IntentPatterns.AreGood([name]) || name.EndsWith('*')
                || origin.Length > LongestName || zone.Length > LongestName || (zone + origin + data).AsSpan().ContainsAnyInRange('\0', '\x1f'))
                return null;
            using var parsed = JsonDocument.Parse(data);
            return intent;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

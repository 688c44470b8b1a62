using System.Globalization;

namespace Allotrope.Contracts;

/// <summary>Amounts with a unit, as Kubernetes and Go write them: <c>64Mi</c>, <c>2s</c>, <c>500ms</c>.</summary>
public static class Quantity
{
    /// <summary>Of <c>Mi</c> or <c>Gi</c>; <see langword="null"/> for anything else.</summary>
    public static int? Mebibytes(string text) => Amount(text, out var unit) is not { } amount ? null : unit switch
    {
        "Mi" => amount,
        "Gi" when amount <= int.MaxValue / 1024 => amount * 1024,
        _ => null,
    };

    /// <summary>Of <c>ms</c>, <c>s</c> or <c>m</c>; <see langword="null"/> for anything else.</summary>
    public static TimeSpan? Duration(string text) => Amount(text, out var unit) is not { } amount ? null : unit switch
    {
        "ms" => TimeSpan.FromMilliseconds(amount),
        "s" => TimeSpan.FromSeconds(amount),
        "m" => TimeSpan.FromMinutes(amount),
        _ => null,
    };

    /// <summary>The shortest text that <see cref="Duration"/> reads back; <paramref name="time"/> in whole milliseconds.</summary>
    public static string Text(TimeSpan time)
    {
        var milliseconds = (long)time.TotalMilliseconds;
        return milliseconds % 1000 == 0 ? $"{milliseconds / 1000}s" : $"{milliseconds}ms";
    }

    static int? Amount(string text, out string unit)
    {
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        unit = digits > 0 ? text[digits..] : "";
        return digits > 0 && int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var amount) ? amount : null;
    }
}

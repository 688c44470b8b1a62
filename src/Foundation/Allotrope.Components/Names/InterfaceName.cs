using System.Globalization;

namespace Allotrope.Components;

/// <summary>The name of an interface with its version, for finding one that will do.</summary>
/// <param name="Path">Everything before the version.</param>
/// <param name="Version">What follows the at sign; null when nothing does.</param>
readonly record struct InterfaceName(string Path, string? Version)
{
    internal static InterfaceName Parse(string text)
    {
        var at = text.IndexOf('@');
        return at < 0 ? new(text, null) : new(text[..at], text[(at + 1)..]);
    }

    /// <summary>
    /// Whether an interface of one name stands for the other: versions are compatible when they agree up to the first number that is not zero; those of
    /// prereleases only with themselves.
    /// </summary>
    internal bool IsCompatible(InterfaceName other) => Path == other.Path
        && (Version == other.Version || (Version is not null && other.Version is not null && Track(Version) is { } track && track == Track(other.Version)));

    /// <summary>The numbers of the version, for choosing the latest.</summary>
    internal (ulong, ulong, ulong) Order => Version is null ? default : Numbers(Version) ?? default;

    /// <summary>What compatible versions have in common; null for prereleases.</summary>
    static string? Track(string version)
    {
        if (Numbers(version) is not (var major, var minor, var patch))
            return null;
        return major != 0 ? $"{major}" : minor != 0 ? $"0.{minor}" : $"0.0.{patch}";
    }

    static (ulong Major, ulong Minor, ulong Patch)? Numbers(string version)
    {
        var plus = version.IndexOf('+');
        var text = plus < 0 ? version : version[..plus];
        var parts = text.Split('.');
        var numbers = new ulong[3];
        for (var i = 0; i < parts.Length; i++)
        {
            if (i == 3 || !ulong.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        }

        return (numbers[0], numbers[1], numbers[2]);
    }

    /// <summary>Of names that will do, the same or else the latest; null when there is none.</summary>
    internal static string? Find(string wanted, IEnumerable<string> names)
    {
        var name = Parse(wanted);
        string? best = null;
        foreach (var each in names)
        {
            if (each == wanted)
                return each;
            if (name.IsCompatible(Parse(each)) && (best is null || Parse(each).Order.CompareTo(Parse(best).Order) > 0))
                best = each;
        }

        return best;
    }
}

namespace Allotrope.Components;

/// <summary>How values are passed to and from core code.</summary>
/// <param name="Encoding">Of strings.</param>
/// <param name="Memory">Where values lie.</param>
/// <param name="IsWide">Whether that memory's addresses have 64 bits.</param>
/// <param name="Realloc">Gives room in it.</param>
/// <param name="PostReturn">Is told when the results have been read.</param>
/// <param name="IsAsync">Whether the call may go on while others begin.</param>
/// <param name="Callback">Goes on with an asynchronous call.</param>
sealed record CanonicalOptions(
    StringEncoding Encoding = StringEncoding.Utf8,
    int? Memory = null,
    bool IsWide = false,
    int? Realloc = null,
    int? PostReturn = null,
    bool IsAsync = false,
    int? Callback = null)
{
    internal static CanonicalOptions None { get; } = new();
}

/// <summary>How a core module writes strings.</summary>
enum StringEncoding
{
    Utf8,
    Utf16,

    /// <summary>Latin-1 or UTF-16, as the length says.</summary>
    Latin1OrUtf16,
}

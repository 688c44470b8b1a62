namespace Allotrope.Wasm.Tests.SpecTests;

/// <summary>Adds the files' counts up by folder, which is by proposal, and prints them at the end.</summary>
public sealed class SuiteTally : IDisposable
{
    readonly SortedDictionary<string, (int Files, int Missing, Tally Tally)> _folders = new(StringComparer.Ordinal);

    public void Dispose()
    {
        foreach (var (folder, (files, missing, tally)) in _folders)
        {
            var gap = missing == 0 ? "" : $", {missing} files not yet";
            Console.WriteLine($"official tests {folder}: {tally.Assertions} assertions of {files} files hold ({tally}){gap}");
        }
    }

    /// <param name="script">The script.</param>
    /// <param name="tally">What held.</param>
    /// <param name="mode">What it was run with, where that is not the default.</param>
    internal void Add(string script, Tally tally, string mode = "")
    {
        var (files, missing, total) = Of(script, mode);
        total.Add(tally);
        _folders[FolderOf(script) + mode] = (files + 1, missing, total);
    }

    internal void Missing(string script)
    {
        var (files, missing, total) = Of(script);
        _folders[FolderOf(script)] = (files, missing + 1, total);
    }

    (int Files, int Missing, Tally Tally) Of(string script, string mode = "") =>
        _folders.GetValueOrDefault(FolderOf(script) + mode, (0, 0, new Tally()));

    static string FolderOf(string script) => script[..script.LastIndexOf('/')];
}

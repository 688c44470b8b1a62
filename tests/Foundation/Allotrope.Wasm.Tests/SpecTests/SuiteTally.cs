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

    internal void Add(string script, Tally tally)
    {
        var (files, missing, total) = Of(script);
        total.Add(tally);
        _folders[FolderOf(script)] = (files + 1, missing, total);
    }

    internal void Missing(string script)
    {
        var (files, missing, total) = Of(script);
        _folders[FolderOf(script)] = (files, missing + 1, total);
    }

    (int Files, int Missing, Tally Tally) Of(string script) => _folders.GetValueOrDefault(FolderOf(script), (0, 0, new Tally()));

    static string FolderOf(string script) => script[..script.LastIndexOf('/')];
}

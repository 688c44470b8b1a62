using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Record.Tests;

/// <summary>A folder for one record, and ways to look at the file behind the record's back.</summary>
public sealed class RecordWorld : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("allotrope-record-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "record.db");

    public SqliteRecord Open() => SqliteRecord.Open(Path, TimeProvider.System);

    public async Task WriteAsync(string stream, params string[] texts)
    {
        await using var record = Open();
        await record.AppendAsync(stream, IRecord.AnyRevision, [.. texts.Select(Event)]);
    }

    public static RecordEvent Event(string text) => new("said", Encoding.UTF8.GetBytes(text));

    public static async Task<List<string>> ReadAsync(IRecord record, string stream) =>
        await record.ReadAsync(stream).Select(one => Encoding.UTF8.GetString(one.Data.Span)).ToListAsync();

    /// <summary>Runs SQL on the closed file, as a stranger would.</summary>
    public void Tamper(string sql)
    {
        SqliteLibrary.Load();
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }

    /// <summary>Flips one bit where <paramref name="text"/> lies in the file.</summary>
    public void FlipBitIn(string text)
    {
        var bytes = File.ReadAllBytes(Path);
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text));
        Assert.True(at > 0, $"{text} is not in the file.");
        bytes[at] ^= 1;
        File.WriteAllBytes(Path, bytes);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    public static TFault Fails<TFault>(Action act) where TFault : Fault => Assert.IsType<TFault>(Assert.Throws<FaultException>(act).Fault);

    public static async Task<TFault> FailsAsync<TFault>(Func<Task> act) where TFault : Fault =>
        Assert.IsType<TFault>((await Assert.ThrowsAsync<FaultException>(act)).Fault);
}

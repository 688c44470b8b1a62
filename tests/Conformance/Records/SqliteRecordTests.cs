using Allotrope.Record;

namespace Allotrope.Conformance;

public sealed class SqliteRecordTests : RecordKit
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("allotrope-record-");

    protected override ValueTask<IRecord> OpenAsync() =>
        ValueTask.FromResult<IRecord>(SqliteRecord.Open(Path.Combine(_folder.FullName, "record.db"), TimeProvider.System));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

using Allotrope.Lattice;
using Allotrope.Record;

namespace Allotrope.Conformance;

public sealed class InProcessLatticeTests : LatticeKit
{
    readonly ManualTime _time = new();
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("allotrope-lattice-");
    SqliteRecord? _record;

    protected override async ValueTask<ILattice> OpenAsync()
    {
        if (_record is not null)
            await _record.DisposeAsync();
        _record = SqliteRecord.Open(Path.Combine(_folder.FullName, "record.db"), _time);
        return new InProcessLattice(_time, _record);
    }

    protected override Task PassAsync(TimeSpan span)
    {
        _time.Advance(span);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _record!.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

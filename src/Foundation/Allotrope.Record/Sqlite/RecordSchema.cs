using Allotrope.Kernel;
using Microsoft.Data.Sqlite;

namespace Allotrope.Record;

/// <summary>The tables of a record file, and the checks that a file is one.</summary>
static class RecordSchema
{
    /// <summary>Raised with every change of the tables; a file says its own in <c>user_version</c>.</summary>
    public const int Version = 1;

    /// <summary>"ALTR" in <c>application_id</c>, which marks the file as ours.</summary>
    const int ApplicationId = 0x414C5452;

    public static void Create(SqliteConnection connection)
    {
        // WAL first: it is a property of the file, and cannot be set within a transaction.
        connection.Execute("pragma journal_mode = wal");
        connection.Execute($"""
            begin immediate;
            create table stream(
                id integer primary key,
                name text not null unique,
                head integer not null) strict;
            create table event(
                stream integer not null references stream(id),
                revision integer not null,
                time integer not null,     -- ticks of 100 ns since 0001-01-01 UTC
                type text not null,
                data blob not null,
                checksum integer not null,
                primary key (stream, revision)) strict, without rowid;
            create table snapshot(
                stream integer primary key references stream(id),
                revision integer not null,
                data blob not null,
                checksum integer not null) strict;
            pragma application_id = {ApplicationId};
            pragma user_version = {Version};
            commit;
            """);
    }

    /// <exception cref="FaultException"><see cref="Fault.Damaged"/> naming the file.</exception>
    public static void Check(SqliteConnection connection, string path)
    {
        if (connection.ReadLong("pragma application_id") != ApplicationId)
            throw new FaultException(SqliteFault.Damaged(path, "is not a record of Allotrope"));
        if (connection.ReadLong("pragma user_version") is var version and > Version)
            throw new FaultException(new Fault.Damaged(
                $"The record {path} was written by a newer Allotrope (version {version}, this one reads up to {Version}): start that one instead."));
        if (new FileInfo(path).Length > RecordLimits.FullCheckLength)
            return;
        if (connection.ReadText("pragma quick_check(1)") is var verdict and not "ok")
            throw new FaultException(SqliteFault.Damaged(path, $"is damaged ({verdict.ReplaceLineEndings(" ").Trim()})"));
    }
}

using Allotrope.Kernel;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Allotrope.Record;

/// <summary>Says in a sentence what SQLite says in a number (https://www.sqlite.org/rescode.html).</summary>
static class SqliteFault
{
    /// <summary>True for what reading a file can throw whose content is not what the tables promise.</summary>
    public static bool Covers(Exception error) => error is SqliteException or InvalidOperationException or InvalidCastException;

    public static FaultException Of(Exception error, string path) => error is SqliteException sqlite
        ? Of(sqlite, path)
        : new FaultException(Damaged(path, $"is damaged ({error.Message})"), error);

    static FaultException Of(SqliteException error, string path) => new(
        error.SqliteErrorCode switch
        {
            SQLITE_NOTADB => Damaged(path, "is not an SQLite database"),
            // SQL that always works fails only if the tables are not the ones that were made.
            SQLITE_CORRUPT or SQLITE_ERROR or SQLITE_CONSTRAINT or SQLITE_MISMATCH or SQLITE_FORMAT => Damaged(path, $"is damaged ({error.Message})"),
            // These two reach guests, who need not know where the data folder is
            SQLITE_FULL => new Fault.Exhausted(
                $"The disk that holds the record {Path.GetFileName(path)} is full: nothing was appended; make room and try again."),
            // Of the memory that writer and readers share, which is a file; how far the write itself came is not known
            SQLITE_IOERR when error.SqliteExtendedErrorCode == SQLITE_IOERR_SHMSIZE => new Fault.Failed(
                $"The disk that holds the record {Path.GetFileName(path)} is full: make room, then start the node again."),
            SQLITE_BUSY or SQLITE_LOCKED => new Fault.Conflict(
                $"The record {path} is locked by another program: close what has it open and try again."),
            SQLITE_CANTOPEN or SQLITE_PERM or SQLITE_READONLY or SQLITE_AUTH => new Fault.Refused(
                $"The record {path} could not be opened ({error.Message}): give the node's user the right to read and write it and its folder."),
            _ => new Fault.Failed(
                $"The record {Path.GetFileName(path)} could not be used ({error.Message}): look after the disk it is on, then start the node again."),
        },
        error);

    /// <param name="what">What is wrong with the file, following its name: <c>is damaged (...)</c>.</param>
    public static Fault.Damaged Damaged(string path, string what) => new(
        $"The record {path} {what}: restore it from a backup, or move it away together with {Path.GetFileName(path)}-wal to start with an empty record.");
}

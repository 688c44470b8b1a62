using System.Runtime.InteropServices;
using Allotrope.Kernel;

namespace Allotrope.Blobstore;

/// <summary>What the disk refuses, in words for a guest: they do not tell where the data folder is.</summary>
static class DiskFault
{
    /// <summary>Whether an error is the disk's. .NET has three types for what the system says: a file that is too large is an argument out of range.</summary>
    public static bool Covers(Exception error) => error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    /// <param name="what">What could not be done, as the beginning of a sentence.</param>
    /// <param name="error">Why.</param>
    public static FaultException Of(string what, Exception error) => new(Told(what, Reason(error)), error);

    /// <summary>The disk is as full as contents may make it.</summary>
    public static FaultException Full(string what) => new(Told(what, "what is left of it is kept for the node's record"));

    static Fault.Exhausted Told(string what, string why) => new($"{what}: {why}. Whoever runs the node has to see to its disk; then try again.");

    // What .NET makes of an error of the system has its number, and a path in its message
    static string Reason(Exception error) => error switch
    {
        DirectoryNotFoundException => "its folder is missing",
        ArgumentOutOfRangeException => "the file would be too large for it",
        IOException { HResult: > 0 and < 4096 and var number } => Marshal.GetPInvokeErrorMessage(number),
        UnauthorizedAccessException { InnerException: IOException inner } => Reason(inner),
        _ => error.GetType().Name,
    };
}

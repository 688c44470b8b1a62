using System.Runtime.InteropServices;
using Allotrope.Kernel;

namespace Allotrope.Blobstore;

/// <summary>What the disk refuses, in words for a guest: they do not tell where the data folder is.</summary>
static class DiskFault
{
    /// <param name="what">What could not be done, as the beginning of a sentence.</param>
    /// <param name="error">Why.</param>
    public static FaultException Of(string what, IOException error) =>
        new(new Fault.Exhausted($"{what}: {Reason(error)}. Whoever runs the node has to see to its disk; then try again."), error);

    // What .NET makes of an error of the system has its number, and a path in its message
    static string Reason(IOException error) => error switch
    {
        DirectoryNotFoundException => "its folder is missing",
        { HResult: > 0 and < 4096 and var number } => Marshal.GetPInvokeErrorMessage(number),
        _ => error.GetType().Name,
    };
}

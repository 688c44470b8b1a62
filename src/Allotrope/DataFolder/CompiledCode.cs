using System.Security.Cryptography;
using Allotrope.Kernel;
using Allotrope.Wasm;
using Microsoft.Extensions.Logging;

namespace Allotrope.DataFolder;

/// <summary>
/// The node's cache of actors' compiled code. It may be deleted at any time; what is damaged or another's is compiled again, with a line in the log.
/// </summary>
static partial class CompiledCode
{
    /// <summary>Bytes of all entries; actors become two to three times their size.</summary>
    const long MostBytes = 1L << 30;

    /// <param name="folder">Where it is; made with the first actor.</param>
    /// <param name="node">Seals the entries, so that those in a folder from elsewhere are not run.</param>
    /// <param name="loggers">Where problems go.</param>
    internal static CodeCache Open(string folder, KeyPair node, ILoggerFactory loggers)
    {
        var log = loggers.CreateLogger("Allotrope.CompiledCode");
        // A signature is the same each time, and only the key's owner can make it.
        var secret = SHA256.HashData(node.Sign("allotrope: compiled code of this node"u8));
        return new CodeCache(folder, new CodeCacheOptions { MaxBytes = MostBytes, Secret = secret, OnProblem = problem => Log.Problem(log, problem) });
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Problem}")]
        internal static partial void Problem(ILogger log, string problem);
    }
}

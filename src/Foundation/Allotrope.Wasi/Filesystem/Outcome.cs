using Allotrope.Components;

namespace Allotrope.Wasi.Filesystem;

/// <summary>Results that lead to others.</summary>
static class Outcome
{
    extension<T>(Result<T, ErrorCode> result)
    {
        /// <summary>What becomes of the value.</summary>
        public Result<TOther, ErrorCode> Map<TOther>(Func<T, TOther> of) =>
            result.IsOk ? Result<TOther, ErrorCode>.Ok(of(result.Value)) : Result<TOther, ErrorCode>.Fail(result.Error);
    }
}

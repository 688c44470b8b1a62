using System.Diagnostics.CodeAnalysis;

namespace Allotrope.Wasi.Io;

/// <summary>What has happened already can be looked at without waiting.</summary>
static class CompletedTask
{
    extension<T>(Task<T> task)
    {
        /// <summary>The result of a task that has completed, or its exception.</summary>
        [SuppressMessage("Usage", "VSTHRD002", Justification = "completed: nothing is waited for")]
        public T Outcome => task.IsCompleted ? task.GetAwaiter().GetResult() : throw new InvalidOperationException("the task has not completed");
    }
}

namespace Allotrope.Wasi.Clocks;

/// <summary>Both clocks in WASI's units.</summary>
static class ClockTime
{
    extension(TimeProvider time)
    {
        /// <summary>Nanoseconds of the monotonic clock, from a beginning that means nothing.</summary>
        public ulong Nanoseconds() => (ulong)((UInt128)(ulong)time.GetTimestamp() * 1_000_000_000 / (ulong)time.TimestampFrequency);

        /// <summary>The smallest step of the monotonic clock in nanoseconds, at least 1.</summary>
        public ulong NanosecondStep() => Math.Max(1, 1_000_000_000 / (ulong)time.TimestampFrequency);

        /// <summary>The wall clock; the beginning of 1970 for what is before.</summary>
        public Datetime WallTime()
        {
            var ticks = (ulong)Math.Max(0, (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks);
            return new(ticks / TimeSpan.TicksPerSecond, (uint)(ticks % TimeSpan.TicksPerSecond) * 100);
        }
    }
}

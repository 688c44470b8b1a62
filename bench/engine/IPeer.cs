namespace Allotrope.Bench.Engine;

/// <summary>An engine that runs them: ours, or node's.</summary>
interface IPeer : IDisposable
{
    string Name { get; }

    /// <summary>
    /// Compiles and instantiates the module and runs it once with the size 1, because both engines leave work until then;
    /// returns how long that took.
    /// </summary>
    double LoadMilliseconds(Workload workload);

    /// <summary>Runs what was loaded last.</summary>
    Round Run(int size);
}

/// <summary>One timed run and what the kernel returned.</summary>
readonly record struct Round(double Milliseconds, int Checksum);

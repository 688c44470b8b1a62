namespace Allotrope.Actors;

/// <summary>The bounds of this module, each with its reason.</summary>
public static class ActorLimits
{
    /// <summary>Bytes of an artifact; the largest actors seen in the wild (a JavaScript engine inside) are about 12 MiB.</summary>
    public const int ArtifactBytes = 64 * 1024 * 1024;

    /// <summary>
    /// Bytes up to which an actor is made machine code before its first call, in some hundred milliseconds; of larger ones most is never called.
    /// </summary>
    public const int PreparedBytes = 256 * 1024;

    /// <summary>Bytes of one answer, checked before anything is copied out of the guest.</summary>
    public const int ResponseBytes = 4 * 1024 * 1024;

    /// <summary>Bytes of one request a guest makes to its host.</summary>
    public const int HostCallBytes = 4 * 1024 * 1024;

    /// <summary>Bytes a guest may hand to its host within one call, all requests together: copying is the host's work and makes garbage.</summary>
    public const long HostCallBytesPerCall = 64L * 1024 * 1024;

    /// <summary>Bytes of a link name, a contract or an operation; real ones are below 60.</summary>
    public const int NameBytes = 256;

    /// <summary>Bytes of an error text or a log line; the rest is cut off.</summary>
    public const int TextBytes = 4 * 1024;

    /// <summary>Calls that wait for an instance of one actor. A caller beyond that is told at once rather than after its time is over.</summary>
    public const int WaitingCalls = 1024;

    /// <summary>
    /// Calls one actor runs at once, whatever its blueprint says: each may need a thread of its own. And calls of a component that have a thread at once, or
    /// wait for one, since some cannot be suspended.
    /// </summary>
    public const int ConcurrentCalls = 64;

    /// <summary>Calls one component runs at once, whatever its blueprint says: one that waits takes some 50 KiB beside its memory, and no thread.</summary>
    public const int ConcurrentRequests = 10_000;

    /// <summary>Entries of a guest's table of functions; large programs have some ten thousand.</summary>
    public const int TableElements = 1_000_000;

    /// <summary>
    /// Bytes of stack a guest may use, beside its own stack in linear memory; about two thousand nested calls. Every garbage collection walks what is
    /// on it, about 1 µs a frame with all threads stopped, so this bounds what a runaway recursion costs its neighbours.
    /// </summary>
    public const int GuestStackBytes = 128 * 1024;

    /// <summary>
    /// How long a component may take to make its first instance, whatever a call of it may take: the engine of a language starts then.
    /// </summary>
    public static readonly TimeSpan ComponentStart = TimeSpan.FromSeconds(60);

    /// <summary>What the first calls of a component may take longer than others, until one has ended; and once more the first that wait.</summary>
    public static readonly TimeSpan FirstCall = TimeSpan.FromSeconds(20);

    /// <summary>How long a component's calls under way may go on when it stops: a body may last as long as its client likes.</summary>
    public static readonly TimeSpan ComponentDrain = TimeSpan.FromSeconds(5);

    /// <summary>Files and directories that an instance has open beside its folders: each takes a descriptor of the node.</summary>
    public const int OpenFiles = 64;

    /// <summary>Connections of an instance, with names that it asks for: each takes a descriptor of the node.</summary>
    public const int Sockets = 32;

    /// <summary>Bytes of stack of a guest thread.</summary>
    public const int ThreadStackBytes = 1024 * 1024;

    /// <summary>Guest threads of the node, those of actors that wait and long-running ones included; 1 GiB of address space at most, some 20 KiB resident each.</summary>
    public const int Threads = 512;

    /// <summary>An idle guest thread ends after this long.</summary>
    public static readonly TimeSpan IdleThread = TimeSpan.FromSeconds(10);

    /// <summary>A call that has used the processor for this long makes room for others.</summary>
    public static readonly TimeSpan LongRun = TimeSpan.FromMilliseconds(10);

    /// <summary>Records of trapped calls that are kept of one actor; the oldest goes.</summary>
    public const int Records = 8;

    /// <summary>Bytes of a record: one holds the instance's memory as far as it differs from the module's.</summary>
    public const int RecordBytes = 256 * 1024 * 1024;

    /// <summary>Time between two records of one actor: writing one takes a guest thread some milliseconds, and the next trap is mostly the same.</summary>
    public static readonly TimeSpan RecordPause = TimeSpan.FromSeconds(1);

    /// <summary>An instance whose memory has grown by more than this is given up once it has been idle for <see cref="IdleInstance"/>.</summary>
    public const long IdleGrowthBytes = 8L * 1024 * 1024;

    public static readonly TimeSpan IdleInstance = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Instances of a component that are kept ready, where each call has one of its own: enough for calls that come close together, since one is made as
    /// fast as most calls run.
    /// </summary>
    public const int WarmInstances = 4;

    /// <summary>
    /// Bytes that the instances of a node hold while they wait for calls, all together: a quarter of what the process may have. Beyond that, those go first that
    /// were not used for longest. What they have of linear memory counts, touched or not.
    /// </summary>
    public static readonly long IdleBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    /// <summary>An idle instance of a component is given up after this long, unless it is the last.</summary>
    public static readonly TimeSpan IdleComponent = TimeSpan.FromSeconds(30);
}

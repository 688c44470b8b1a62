namespace Allotrope.Components;

/// <summary>What an instance has under way at once: its threads, and who may begin or go on.</summary>
sealed class InstanceTasks(InstanceState instance)
{
    /// <summary>Elements of a table that take as much as a thread with what it leaves behind while it waits, within reason.</summary>
    const uint ElementsEachThread = 1_024;

    /// <summary>How often a guest may ask for no more calls.</summary>
    const int MostBackpressure = 1 << 16;

    /// <summary>Bytes of stack that waiting threads of an instance and those within it may have left behind together.</summary>
    const long MostParked = 64 << 20;

    EventLoop? _loop;
    int _backpressure;
    long _parked;

    internal EventLoop Loop => (_loop ??= EventLoop.Of(instance.Store)).Current;

    internal IndexTable<GuestThread> Threads { get; } = new(instance.Store, ElementsEachThread, "threads");

    /// <summary>The thread that has what tasks which do not bring a stack of their own share; null for none.</summary>
    internal GuestThread? Exclusive { get; set; }

    /// <summary>Tasks that wait for their turn to begin.</summary>
    internal int WaitingToEnter { get; set; }

    /// <summary>Whether the guest has asked for no more asynchronous calls.</summary>
    internal bool IsPressed => _backpressure > 0;

    /// <summary>Of the outermost instance: a thread has left its stack, or has it again where the figure is below zero.</summary>
    /// <exception cref="ComponentTrap">All together have left more than they may.</exception>
    internal void Park(int bytes)
    {
        _parked += bytes;
        if (_parked > MostParked)
            throw new ComponentTrap("the threads that wait have too much on their stacks");
    }

    /// <exception cref="ComponentTrap">It asked more often than it may, or took back more than it asked.</exception>
    internal void Press(int change)
    {
        _backpressure += change;
        if (_backpressure is < 0 or MostBackpressure)
            throw new ComponentTrap("backpressure counter overflow");
    }
}

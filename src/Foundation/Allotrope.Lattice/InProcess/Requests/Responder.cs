namespace Allotrope.Lattice;

/// <summary>A handler that is served on a pattern, with the count of requests under way, so that closing can await them.</summary>
sealed class Responder(string pattern, string? queueGroup, RequestHandler handler, InProcessLattice lattice)
    : Receiver(pattern, queueGroup), IAsyncDisposable
{
    readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _underWay;
    volatile bool _closed;

    /// <summary>Begins a request, to be ended by <see cref="Exit"/> or <see cref="CompleteAsync"/>; false when closed.</summary>
    public bool Enter()
    {
        // Counted before asking, so that closing either sees the request or is seen by it.
        Interlocked.Increment(ref _underWay);
        if (!_closed)
            return true;
        Exit();
        return false;
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _underWay) == 0 && _closed)
            _drained.TrySetResult();
    }

    public ValueTask<Message> HandleAsync(Message request, CancellationToken cancellation) => handler(request, cancellation);

    /// <summary>Awaits the handler to its end, also when nobody waits for the answer any more.</summary>
    public async Task<Answer> CompleteAsync(ValueTask<Message> answer)
    {
        try
        {
            return new Answer(await answer, null);
        }
        catch (Exception error)
        {
            return new Answer(default, error);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Handles a published message; the answer, if one is wanted, is published in turn.</summary>
    public override bool Deliver(in Message message)
    {
        if (!Enter())
            return false;
        _ = AnswerAsync(message); // owned: closing awaits its Exit
        return true;
    }

    /// <summary>Stops new requests and awaits those under way.</summary>
    public async ValueTask DisposeAsync()
    {
        lattice.Remove(this);
        _closed = true;
        Interlocked.MemoryBarrier(); // the count must be read after the flag is seen by those who count themselves in
        if (Volatile.Read(ref _underWay) == 0)
            _drained.TrySetResult();
        await _drained.Task;
    }

    public override ValueTask CloseAsync() => DisposeAsync();

    async Task AnswerAsync(Message message)
    {
        try
        {
            var reply = await TryHandleAsync(message);
            if (message.ReplyTo is { } inbox)
                lattice.Forward(reply with { Subject = inbox });
        }
        finally
        {
            Exit();
        }
    }

    async ValueTask<Message> TryHandleAsync(Message message)
    {
        try
        {
            return await handler(message, CancellationToken.None);
        }
        catch (Exception error)
        {
            if (message.ReplyTo is null)
                LatticeMeter.UnheardFaults.Add(1);
            return FaultMessage.Of(Answer.Translate(error, message.Subject).Fault);
        }
    }
}

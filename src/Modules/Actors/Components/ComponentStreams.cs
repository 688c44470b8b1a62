using Allotrope.Components;
using Allotrope.Wasi.Io;

namespace Allotrope.Actors;

/// <summary><c>wasi:io</c> for components of a node: streams and pollables whose waits let other guests run.</summary>
static class ComponentStreams
{
    const string Version = "@0.2.12";

    public static void AddTo(ComponentLinker<ComponentState> linker)
    {
        linker.Instance($"wasi:io/error{Version}")
            .Resource<IError>("error")
            .Function("[method]error.to-debug-string", (IError self) => self.ToDebugString());
        linker.Instance($"wasi:io/poll{Version}")
            .Resource<IPollable>("pollable")
            .Function("[method]pollable.ready", (IPollable self) => self.Ready())
            .Function("[method]pollable.block", (ComponentState state, IPollable self) => state.Wait(self.Block()))
            .Function("poll", (ComponentState state, IPollable[] pollables) => state.Wait(state.Polling.Poll(pollables)));
        var streams = linker.Instance($"wasi:io/streams{Version}")
            .Resource<IError>("error")
            .Resource<IPollable>("pollable")
            .Resource<IInputStream>("input-stream")
            .Resource<IOutputStream>("output-stream");
        AddInput(streams);
        AddOutput(streams);
    }

    static void AddInput(ComponentLinkerInterface<ComponentState> streams) => streams
        .Function("[method]input-stream.read", (ComponentState state, IInputStream self, ulong len) => Moved(state, self.Read(len)))
        .Function("[method]input-stream.blocking-read", (ComponentState state, IInputStream self, ulong len) => Moved(state, state.Wait(self.BlockingRead(len))))
        .Function("[method]input-stream.skip", (ComponentState state, IInputStream self, ulong len) => Moved(state, self.Skip(len)))
        .Function("[method]input-stream.blocking-skip", (ComponentState state, IInputStream self, ulong len) => Moved(state, state.Wait(self.BlockingSkip(len))))
        .Function("[method]input-stream.subscribe", (IInputStream self) => self.Subscribe());

    static void AddOutput(ComponentLinkerInterface<ComponentState> streams) => streams
        .Function("[method]output-stream.check-write", (IOutputStream self) => self.CheckWrite())
        .Function("[method]output-stream.write", (ComponentState state, IOutputStream self, ReadOnlyMemory<byte> contents) =>
            Moved(state, self, self.Write(contents), contents.Length))
        .Function("[method]output-stream.blocking-write-and-flush", (ComponentState state, IOutputStream self, ReadOnlyMemory<byte> contents) =>
            Moved(state, self, state.Wait(self.BlockingWriteAndFlush(contents)), contents.Length))
        .Function("[method]output-stream.flush", (IOutputStream self) => self.Flush())
        .Function("[method]output-stream.blocking-flush", (ComponentState state, IOutputStream self) => state.Wait(self.BlockingFlush()))
        .Function("[method]output-stream.subscribe", (IOutputStream self) => self.Subscribe())
        .Function("[method]output-stream.write-zeroes", (ComponentState state, IOutputStream self, ulong len) => Moved(state, self, self.WriteZeroes(len), (long)len))
        .Function("[method]output-stream.blocking-write-zeroes-and-flush", (ComponentState state, IOutputStream self, ulong len) =>
            Moved(state, self, state.Wait(self.BlockingWriteZeroesAndFlush(len)), (long)len))
        .Function("[method]output-stream.splice", (ComponentState state, IOutputStream self, IInputStream src, ulong len) => Moved(state, self.Splice(src, len)))
        .Function("[method]output-stream.blocking-splice", (ComponentState state, IOutputStream self, IInputStream src, ulong len) =>
            Moved(state, state.Wait(self.BlockingSplice(src, len))));

    static Result<ReadOnlyMemory<byte>, StreamError> Moved(ComponentState state, Result<ReadOnlyMemory<byte>, StreamError> read)
    {
        if (read is { IsOk: true, Value.IsEmpty: false })
            state.Progress();
        return read;
    }

    static Result<ulong, StreamError> Moved(ComponentState state, Result<ulong, StreamError> moved)
    {
        if (moved is { IsOk: true, Value: > 0 })
            state.Progress();
        return moved;
    }

    static Result<Unit, StreamError> Moved(ComponentState state, IOutputStream stream, Result<Unit, StreamError> written, long length)
    {
        // What a guest says in its log is no progress, nor is nothing, or it could go on for ever by talking.
        if (written.IsOk && length > 0 && stream is not LogOutput)
            state.Progress();
        return written;
    }
}

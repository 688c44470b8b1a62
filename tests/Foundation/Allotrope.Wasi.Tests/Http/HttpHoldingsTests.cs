using System.IO.Pipelines;
using Allotrope.Components;
using Allotrope.Wasi.Http;

namespace Allotrope.Wasi.Tests.Http;

public sealed class HttpHoldingsTests
{
    static readonly byte[] Value = new byte[100_000].Select(_ => (byte)'x').ToArray();

    readonly HttpTypes _types = new(() => new Sink(), () => new Sink(), CancellationToken.None);

    [Fact]
    public void Fields_without_end_are_refused_and_those_dropped_do_not_count()
    {
        for (var i = 0; i < 1000; i++)
            using (var dropped = _types.NewFields())
                Assert.True(dropped.Append("a", Value).IsOk);

        Assert.Throws<ComponentTrap>(() =>
        {
            for (var i = 0; i < 1000; i++)
                _types.NewFields().Append("a", Value);
        });
    }

    [Fact]
    public void Entries_without_content_take_room_too()
    {
        var fields = _types.NewFields();

        Assert.Throws<ComponentTrap>(() =>
        {
            for (var i = 0; i < 100_000; i++)
                fields.Append("a", ReadOnlyMemory<byte>.Empty);
        });
    }

    [Fact]
    public void Copies_of_what_came_from_outside_count()
    {
        var came = Fields.Of([KeyValuePair.Create("a", new string('x', 100_000))], _types.Holdings);

        Assert.Throws<ComponentTrap>(() =>
        {
            for (var i = 0; i < 1000; i++)
                came.Clone();
        });
    }

    [Fact]
    public void Headers_count_as_long_as_the_message_or_a_handle_has_them()
    {
        Assert.Throws<ComponentTrap>(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                // What the guest keeps is a handle of the headers, twice dropped and once kept
                using var response = NewResponse();
                response.Headers();
                response.Headers().Dispose();
            }
        });
    }

    [Fact]
    public void Messages_that_are_done_with_do_not_count()
    {
        for (var i = 0; i < 1000; i++)
        {
            var response = NewResponse();
            using (response.Headers())
                Assert.True(Finished(response).IsOk);
            using var outparam = new ResponseOutparam(_ => { });
            _types.ResponseOutparamSet(outparam, Result<IOutgoingResponse, ErrorCode>.Ok(response));
        }

        for (var i = 0; i < 1000; i++)
            using (var request = _types.NewOutgoingRequest(NewFields()))
                request.Body().Value.Dispose();
    }

    [Fact]
    public void Bodies_without_end_are_refused_even_when_they_are_finished()
    {
        Assert.Throws<ComponentTrap>(() =>
        {
            for (var i = 0; i < 1000; i++)
                Finished(_types.NewOutgoingResponse(_types.NewFields()));
        });
    }

    [Fact]
    public void Bytes_that_nobody_reads_do_not_count_as_moved()
    {
        var moved = 0;
        var types = new HttpTypes(() => new Sink(), () => new Sink(), CancellationToken.None) { Holdings = new HttpHoldings { Moved = () => moved++ } };
        using (var request = types.NewOutgoingRequest(types.NewFields()))
            Write(request.Body());
        var response = types.NewOutgoingResponse(types.NewFields());
        var body = response.Body().Value;
        using var stream = body.Write().Value;
        Assert.True(stream.CheckWrite().Value > 0);
        Assert.True(stream.Write("x"u8.ToArray()).IsOk);
        Assert.Equal(0, moved);

        using var outparam = new ResponseOutparam(_ => { });
        types.ResponseOutparamSet(outparam, Result<IOutgoingResponse, ErrorCode>.Ok(response));
        Assert.True(stream.CheckWrite().Value > 0);
        Assert.True(stream.Write("x"u8.ToArray()).IsOk);
        Assert.Equal(1, moved);
    }

    [Fact]
    public void The_body_of_a_request_that_was_dropped_takes_no_more()
    {
        var request = _types.NewOutgoingRequest(_types.NewFields());
        using var body = request.Body().Value;
        using var stream = body.Write().Value;
        request.Dispose();

        Assert.False(stream.CheckWrite().IsOk);
    }

    static void Write(Result<IOutgoingBody, Unit> body)
    {
        using var stream = body.Value.Write().Value;
        Assert.True(stream.CheckWrite().Value > 0);
        Assert.True(stream.Write("x"u8.ToArray()).IsOk);
    }

    Result<Unit, ErrorCode> Finished(IOutgoingResponse response) => _types.OutgoingBodyFinish(response.Body().Value, _types.NewFields());

    IOutgoingResponse NewResponse() => _types.NewOutgoingResponse(NewFields());

    IFields NewFields()
    {
        var fields = _types.NewFields();
        Assert.True(fields.Append("a", Value).IsOk);
        return fields;
    }

    sealed class Sink : IBodySink
    {
        readonly Pipe _pipe = new();

        public PipeWriter Writer => _pipe.Writer;

        public void Complete(IReadOnlyList<KeyValuePair<string, string>>? trailers) => Writer.Complete();

        public void Fail(HttpFailure why) => Writer.Complete(why);
    }
}

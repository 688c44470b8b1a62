using System.IO.Pipelines;

namespace Allotrope.Wasi.Http;

/// <summary>Where a body comes from that a guest reads.</summary>
public interface IBodySource
{
    /// <summary>Reading throws what broke the body; an <see cref="HttpFailure"/> says it in the guest's words.</summary>
    PipeReader Reader { get; }

    /// <summary>To be asked when the reader has seen the end.</summary>
    IReadOnlyList<KeyValuePair<string, string>>? Trailers { get; }

    /// <summary>The guest wants no more.</summary>
    void Abandon();
}

/// <summary>Where a body goes that a guest writes.</summary>
public interface IBodySink
{
    /// <summary>A flush that says it is completed means that nobody reads any more.</summary>
    PipeWriter Writer { get; }

    /// <summary>The body is whole.</summary>
    void Complete(IReadOnlyList<KeyValuePair<string, string>>? trailers);

    /// <summary>The body ends here and is not whole.</summary>
    void Fail(HttpFailure why);
}

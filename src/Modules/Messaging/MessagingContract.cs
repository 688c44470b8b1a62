namespace Allotrope.Messaging;

/// <summary>The names of the contract and of this implementation of it.</summary>
public static class MessagingContract
{
    public const string Id = "wasmcloud:messaging";

    /// <summary>The image of the provider that is part of the node.</summary>
    public const string Image = "builtin:messaging";

    /// <summary>By which the provider gives messages to components.</summary>
    public static readonly IReadOnlyList<string> Handlers = ["wasmcloud:messaging/handler", "wasi:messaging/incoming-handler"];

    /// <summary>The setting of a link to a component that lists the subjects whose messages it gets, separated by commas; <c>*</c> and <c>&gt;</c> as on the bus.</summary>
    public const string Subscriptions = "subscriptions";

    /// <summary>Subscriptions of one link: each has a queue of its own.</summary>
    public const int MostSubscriptions = 64;
}

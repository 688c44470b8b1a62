using System.Buffers;
using Allotrope.Conformance;
using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;
using Allotrope.Modules;
using Allotrope.Record;

namespace Allotrope.KeyValue.Tests;

/// <summary>A node with nothing but a record, a bus and the module, and calls to it as an actor would make them.</summary>
public sealed class KeyValueWorld : IAsyncDisposable
{
    public const string Node = "NODE";
    public const string Provider = "shop-store";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("allotrope-keyvalue-");
    SqliteRecord _record = null!;
    ProviderModule _module = null!;
    long _revision;

    public ManualTime Time { get; } = new();

    public InProcessLattice Lattice { get; private set; } = null!;

    public static async Task<KeyValueWorld> StartAsync(params IncomingLink[] links)
    {
        var world = new KeyValueWorld();
        await world.OpenAsync();
        await world.AssignAsync(links is [] ? [Link("shop-cart")] : links);
        return world;
    }

    public static IncomingLink Link(string workload, string name = "default", params (string Key, string Value)[] values) =>
        new(workload, name, values.ToDictionary(one => one.Key, one => one.Value));

    public static Assignment Assignment(long revision, params IncomingLink[] links) => new(
        Node, Provider, "shop", "store", revision, ComponentKind.Capability, KeyValueContract.Image, KeyValueContract.Id, "default",
        1, ComponentLimits.Default, new Dictionary<string, string>(), [], links);

    /// <summary>As after a kill and a new start of the node; the planner assigns anew.</summary>
    public async Task RestartAsync(params IncomingLink[] links)
    {
        await CloseAsync();
        await OpenAsync();
        await AssignAsync(links);
    }

    /// <summary>Assigns the provider with these links and awaits what the module says of it.</summary>
    public Task<WorkloadStatus> AssignAsync(params IncomingLink[] links) => AssignAsync(Assignment(++_revision, links));

    public Task<WorkloadStatus> AssignAsync(Assignment assignment) => Lattice.AssignAsync(assignment);

    /// <summary>Takes the assignment away and awaits the end of its status.</summary>
    public Task UnassignAsync() => Lattice.UnassignAsync(Node, Provider);

    public async Task<InvocationResult> InvokeAsync(string operation, ReadOnlyMemory<byte> body, string origin = "shop-cart", string link = "default")
    {
        var invocation = new Invocation(origin, KeyValueContract.Id, link, "KeyValue." + operation, body);
        var reply = await Lattice.RequestAsync(new Message(Subjects.Invoke(Provider), Payload.Of(invocation, ContractsJson.Default.Invocation)), Patience);
        return reply.Payload.As(ContractsJson.Default.InvocationResult);
    }

    /// <summary>Calls with a text, a list of texts, or a structure of (name, value) pairs; returns the result as JSON-like text, or fails with the error.</summary>
    public async Task<string> CallAsync(string operation, object argument, string origin = "shop-cart", string link = "default")
    {
        var result = await InvokeAsync(operation, Encode(argument), origin, link);
        return result.Error is null ? Decode(result.Body) : throw new CallException(result.Error);
    }

    /// <summary>Asks as a component's host does.</summary>
    public async Task<KeyValueReply> AskAsync(KeyValueOperation operation, string origin = "shop-cart", string link = "default")
    {
        var call = new KeyValueCall(origin, link, operation);
        var reply = await Lattice.RequestAsync(new Message(Subjects.KeyValue(Provider), Payload.Of(call, ContractsJson.Default.KeyValueCall)), Patience);
        return reply.Payload.As(ContractsJson.Default.KeyValueReply);
    }

    public Task<string> CallAsync(string operation, params (string Name, object Value)[] fields) => CallAsync(operation, (object)fields);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Delete(recursive: true);
    }

    async Task OpenAsync()
    {
        _record = SqliteRecord.Open(Path.Combine(_folder.FullName, "record.db"), Time);
        Lattice = new InProcessLattice(Time, _record);
        _module = await KeyValueModule.StartAsync(Lattice, Node, Time);
    }

    async Task CloseAsync()
    {
        await _module.DisposeAsync();
        await Lattice.DisposeAsync();
        await _record.DisposeAsync();
    }

    public static ReadOnlyMemory<byte> Encode(object value)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        switch (value)
        {
            case string text:
                writer.Write(text);
                break;
            case int number:
                writer.Write(number);
                break;
            case string[] texts:
                writer.WriteArrayHeader(texts.Length);
                foreach (var text in texts)
                    writer.Write(text);
                break;
            case (string Name, object Value)[] fields:
                writer.WriteMapHeader(fields.Length);
                foreach (var (name, field) in fields)
                {
                    writer.Write(name);
                    output.Write(Encode(field).Span);
                }
                break;
        }
        return output.WrittenMemory;
    }

    static string Decode(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body.Span);
        return body.IsEmpty ? "" : Decode(ref reader);
    }

    static string Decode(ref MessagePackReader reader)
    {
        switch (reader.Next)
        {
            case MessagePackKind.Boolean:
                return reader.ReadBoolean() ? "true" : "false";
            case MessagePackKind.Integer:
                return $"{reader.ReadInt64()}";
            case MessagePackKind.String:
                return reader.ReadString();
            case MessagePackKind.Array:
                List<string> items = [];
                for (var count = reader.ReadArrayHeader(); count > 0; count--)
                    items.Add(Decode(ref reader));
                return $"[{string.Join(", ", items)}]";
            default:
                List<string> fields = [];
                for (var count = reader.ReadMapHeader(); count > 0; count--)
                    fields.Add($"{reader.ReadString()}: {Decode(ref reader)}");
                return $"{{{string.Join(", ", fields)}}}";
        }
    }
}

/// <summary>The error text an actor is given.</summary>
public sealed class CallException(string message) : Exception(message);

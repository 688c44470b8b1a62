using Allotrope.Bench;
using Allotrope.Bench.Gateway;

// The peer runs in a process of its own, as the node does: the same program, called with the answer to give
if (args is ["--bare", var contentType, var body])
    return await BareEndpoint.RunAsync(contentType, body);

try
{
    return await Comparison.RunAsync(BenchOptions.Read(args));
}
catch (BenchException error)
{
    await Console.Error.WriteLineAsync($"bench gateway: {error.Message}");
    return 1;
}

using Allotrope.Bench;
using Allotrope.Bench.Arteries;
using Allotrope.Bench.Arteries.Servers;

try
{
    // Servers run in processes of their own: the same program, called in another role
    return args switch
    {
        [ArteryServer.Role] => await ArteryServer.RunAsync(),
        [SignalRServer.Role] => await SignalRServer.RunAsync(),
        _ => await Comparison.RunAsync(BenchOptions.Read(args)),
    };
}
catch (BenchException error)
{
    await Console.Error.WriteLineAsync($"bench arteries: {error.Message}");
    return 1;
}

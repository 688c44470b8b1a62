using Allotrope.Contracts;

namespace Allotrope.Actors.Tests.Components;

/// <summary>
/// Three components that are linked: <c>page</c> greets, by the names that <c>people</c> knows and the titles that <c>titles</c> knows, which asks <c>people</c>.
/// </summary>
static class Greetings
{
    public static readonly byte[] Page = HttpExchange.Guest("page-c/page.wasm");
    public static readonly byte[] People = HttpExchange.Guest("people-c/people.wasm");
    public static readonly byte[] Titles = HttpExchange.Guest("titles-c/titles.wasm");

    public static readonly BoundLink ToPeople = Link("people", "names");
    public static readonly BoundLink ToTitles = Link("titles", "titles");

    public static BoundLink Link(string workload, params string[] interfaces) =>
        new(workload, ComponentKind.Component, "demo:greeting", "default", new Dictionary<string, string>()) { Interfaces = interfaces };

    public static Task<WorkloadStatus> RunPeopleAsync(this ActorNode node, string one, ComponentLimits? limits = null)
    {
        node.Config = new Dictionary<string, string> { ["1"] = one };
        return node.RunComponentAsync("people", People, limits: limits);
    }

    public static Task<WorkloadStatus> RunTitlesAsync(this ActorNode node)
    {
        node.Config = new Dictionary<string, string> { ["Ada"] = "Countess" };
        return node.RunComponentAsync("titles", Titles, links: [ToPeople]);
    }

    public static Task<WorkloadStatus> RunPageAsync(this ActorNode node) => node.RunComponentAsync("page", Page, links: [ToPeople, ToTitles]);

    /// <summary>Asks until the answer is this one.</summary>
    public static async Task AwaitAsync(this ActorNode node, string path, string text)
    {
        var begun = TimeProvider.System.GetTimestamp();
        for (; ; )
        {
            var (_, got) = await node.GetAsync("page", path);
            if (got == text)
                return;
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < ActorNode.Patience, $"it still says: {got}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}

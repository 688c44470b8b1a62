// Engine speed against node's WebAssembly, in the same run: kernels of our own and programs from npm packages. `--quick` only shows that it works;
// `--only NAME,NAME` runs a few; `--starts` only measures starts, `--latency` only stops, `--waits` only waits, `--tiers` only how programs warm up; `--write FILE` also writes the page.
using Allotrope.Bench.Engine;
using Allotrope.Wasm;

if (args is [ColdStart.Command, var module, .. var cache])
{
    ColdStart.Run(module, cache.FirstOrDefault());
    return 0;
}

if (args is [WarmUp.Command, .. var warm])
{
    WarmUp.Run(warm);
    return 0;
}

var quick = args.Contains("--quick");
var (only, page) = (Option("--only")?.Split(','), Option("--write"));
try
{
    if (args.Contains("--starts"))
    {
        Console.Write(StartReport.Write(quick));
        return 0;
    }
    if (args.Contains("--latency"))
    {
        Console.Write(await Latency.WriteAsync(quick));
        return 0;
    }
    if (args.Contains("--tiers"))
    {
        Console.Write(WarmUp.Write(Chosen(Workload.Kernels.Concat(Programs())), seconds: quick ? 2 : 12));
        return 0;
    }
    if (args.Contains("--waits"))
    {
        Console.Write(Waits.Write(quick, Chosen(Workload.Kernels.Concat(Programs()))));
        return 0;
    }
    using var ours = new Ours(MemoryChecks.Automatic);
    using var withChecks = new Ours(MemoryChecks.Explicit);
    using var node = new V8();
    using var metered = new Ours(MemoryChecks.Automatic, metered: true);
    var contest = quick ? new Contest(ours, withChecks, metered, node, warmUps: 1, rounds: 3) : new Contest(ours, withChecks, metered, node, warmUps: 10, rounds: 25);
    var report = Report.Write(HoldAll(Workload.Kernels), HoldAll(Programs()), [.. Workload.HostCalls.Select(Hold)], ours.Name, node.Name);
    if (only is null) report += CompileTime.Write(quick) + StartReport.Write(quick) + await Latency.WriteAsync(quick) + Waits.Write(quick, Workload.Kernels.Concat(Programs()));
    Console.Write(report);
    if (page is not null) File.WriteAllText(page, report);
    return 0;

    List<Outcome> HoldAll(IEnumerable<Workload> workloads) => [.. Chosen(workloads).Select(Hold)];

    IEnumerable<Workload> Chosen(IEnumerable<Workload> workloads) => workloads.Where(workload => only?.Contains(workload.Name) ?? true);

    // Without their packages, which the script `run` fetches, there are no programs.
    IEnumerable<Workload> Programs() => Workload.Programs.Where(program => File.Exists(program.ModulePath));

    Outcome Hold(Workload workload) => contest.Hold(workload, quick ? workload.QuickSize : workload.Size);
}
catch (InvalidOperationException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at ? args.ElementAtOrDefault(at + 1) : null;

// Engine speed on kernels of our own against node's WebAssembly, in the same run. `--quick` only shows that it works;
// `--write FILE` also writes the page.
using Allotrope.Bench.Engine;

var quick = args.Contains("--quick");
var page = Array.IndexOf(args, "--write") is >= 0 and var at ? args.ElementAtOrDefault(at + 1) : null;
try
{
    using var ours = new Ours();
    using var node = new V8();
    var contest = quick ? new Contest(ours, node, warmUps: 1, rounds: 3) : new Contest(ours, node, warmUps: 10, rounds: 25);
    var outcomes = Kernel.All.Select(Hold).ToList();
    var report = Report.Write(outcomes, Hold(Kernel.HostCall), ours.Name, node.Name);
    Console.Write(report);
    if (page is not null) File.WriteAllText(page, report);
    return 0;

    Outcome Hold(Kernel kernel) => contest.Hold(kernel, quick ? kernel.QuickSize : kernel.Size);
}
catch (InvalidOperationException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

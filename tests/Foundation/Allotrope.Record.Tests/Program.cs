using Allotrope.Record.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// xunit's own entry point, preceded by the one case in which this program is not to test but to be killed.
if (CrashWriter.ToldPath is { } path)
    await CrashWriter.WriteForEverAsync(path);
return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);

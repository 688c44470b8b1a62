using System.Net;
using System.Text;
using Allotrope.Artery;
using Allotrope.Artery.Client;

namespace Allotrope.Interop.Vendored;

/// <summary>
/// The first programs of the clients' READMEs, run from a vendored copy of the client: without a network, and refused when the copy is not what was pinned.
/// </summary>
public sealed class FirstProgramTests : IAsyncLifetime
{
    readonly VendoredFolder _folder = new();
    InteropZone _zone = null!;
    ArteryService _heater = null!;
    ArteryService _switch = null!;

    public async ValueTask InitializeAsync()
    {
        _zone = await InteropZone.StartAsync(InteropZone.Service("lamp"), InteropZone.Service("heater"), InteropZone.Service("switch"));
        (_heater, _switch) = (Service("heater"), Service("switch"));
        _heater.Handle("temperature", _ => 21);
        await _heater.StartAsync();
        await _switch.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _heater.DisposeAsync();
        await _switch.DisposeAsync();
        await _zone.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_one_file_for_deno_is_vendored_by_its_hash_and_its_first_program_runs()
    {
        _folder.Copy("clients/typescript/artery.ts");
        await PinnedAsync("artery.ts");
        var program = _folder.Write("lamp.ts", _folder.FirstProgram("clients/typescript/README.md", _zone));
        await SwitchAsync(new Limb(
            "env", $"O3_KEY_FILE={_folder["o3_key"]}", await Tools.DenoAsync(),
            "run", "--quiet", "--no-prompt", "--no-config", "--no-npm", "--no-remote", "--cached-only", "--allow-net", "--allow-env", "--allow-read", program));
    }

    [Fact]
    public async Task The_two_files_for_node_are_vendored_by_their_hashes_and_the_first_program_runs()
    {
        _folder.Copy("clients/typescript/artery.js", "clients/typescript/artery-node.js");
        await PinnedAsync("artery.js", "artery-node.js");
        var program = _folder.Write(
            "lamp.mjs", _folder.FirstProgram("clients/typescript/README.md", _zone).Replace("./artery.ts", "./artery.js", StringComparison.Ordinal));
        await SwitchAsync(new Limb("env", $"O3_KEY_FILE={_folder["o3_key"]}", Tools.Node, program));
    }

    [Fact]
    public async Task The_packages_for_dotnet_are_vendored_by_their_hashes_and_the_first_program_compiles_and_runs()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        foreach (var project in new[] { "src/Foundation/Allotrope.Kernel", "src/Foundation/Allotrope.Artery", "clients/csharp/Allotrope.Artery.Client" })
            await Tools.RunAsync("dotnet", ["pack", Path.Combine(Tools.Root, project), "--no-build", "-c", configuration, "-o", _folder["vendor"], "-nologo"]);
        var package = Path.GetFileNameWithoutExtension(Directory.GetFiles(_folder["vendor"], "Allotrope.Artery.Client.*").Single());
        _folder.Write("nuget.config", """<configuration><packageSources><clear /><add key="vendor" value="vendor" /></packageSources></configuration>""");
        _folder.Write("lamp.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable>
                <UseAppHost>false</UseAppHost><RestorePackagesWithLockFile>true</RestorePackagesWithLockFile><NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="Allotrope.Artery.Client" Version="{package["Allotrope.Artery.Client.".Length..]}" /></ItemGroup>
            </Project>
            """);
        _folder.Write("Program.cs", _folder.FirstProgram("clients/csharp/Allotrope.Artery.Client/README.md", _zone));
        var (built, printed) = await _folder.RunAsync("dotnet", ["build", "-nologo", "-o", _folder["out"]], ("NUGET_PACKAGES", _folder["cache"]));
        Assert.True(built == 0, printed);
        await using (var lamp = new Limb("dotnet", _folder["out/lamp.dll"]))
            await lamp.SaysAsync("21");
        await _zone.HearAsync("LAMP_CHANGED", 1);

        // The lock file has the hash of each package: another is not taken for it
        File.AppendAllText(_folder[$"vendor/{package}.nupkg"], "x");
        var (refused, why) = await _folder.RunAsync("dotnet", ["restore", "--locked-mode", "--force", "-nologo"], ("NUGET_PACKAGES", _folder["cache2"]));
        Assert.True(refused != 0 && why.Contains("NU1403", StringComparison.Ordinal), why);
    }

    ArteryService Service(string name) => new(new()
    {
        Zone = InteropZone.Name,
        Service = name,
        Keys = [ArteryKey.OfZone(Encoding.UTF8.GetBytes(InteropZone.Secret), InteropZone.Name)],
        Core = CoreWay.Dial(new Uri(_zone.Url)),
    });

    /// <summary>As the README says: hashes beside the files, which the build checks.</summary>
    async Task PinnedAsync(params string[] files)
    {
        var (_, hashes) = await _folder.RunAsync("sha256sum", files);
        _folder.Write("artery.sha256", hashes);
        var (same, _) = await _folder.RunAsync("sha256sum", ["-c", "artery.sha256"]);
        Assert.Equal(0, same);
        var content = await File.ReadAllTextAsync(_folder[files[0]]);
        await File.WriteAllTextAsync(_folder[files[0]], content + " ");
        var (other, why) = await _folder.RunAsync("sha256sum", ["-c", "artery.sha256"]);
        Assert.True(other != 0, why);
        await File.WriteAllTextAsync(_folder[files[0]], content);
    }

    /// <summary>The lamp has asked the heater, and does as the switch says.</summary>
    async Task SwitchAsync(Limb program)
    {
        await using var lamp = program;
        await lamp.SaysAsync("21 ");
        _switch.Send("SWITCH_PRESSED", ArteryData.Map(("on", true)));
        var (origin, data) = Assert.Single(await _zone.HearAsync("LAMP_CHANGED", 1));
        Assert.Equal(("lamp", true, "switch"), (origin, data.GetProperty("on").GetBoolean(), data.GetProperty("by").GetString()));
    }
}

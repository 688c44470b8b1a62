namespace Allotrope.DataFolder;

/// <summary>Where things lie in a data folder.</summary>
/// <param name="Root">Absolute path.</param>
public sealed record FolderLayout(string Root)
{
    /// <summary>The data folder that is used when none is named: <c>$XDG_DATA_HOME/allotrope</c> or <c>~/.local/share/allotrope</c>.</summary>
    public static FolderLayout Default => new(Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "allotrope"));

    /// <summary>The record: ledger and durable buckets, one SQLite file.</summary>
    public string Record => Path.Combine(Root, "record.db");

    /// <summary>Secret seeds, one a file, owner-only.</summary>
    public string Keys => Path.Combine(Root, "keys");

    /// <summary>The keys of zones, one a file, owner-only.</summary>
    public string Zones => Path.Combine(Root, "zones");

    /// <summary>The newest intents of zones that keep them, one folder a zone.</summary>
    public string Intents => Path.Combine(Root, "intents");

    /// <summary>Whom the node trusts: one file of public keys a tenant.</summary>
    public string Tenants => Path.Combine(Root, "tenants");

    /// <summary>Actors by digest.</summary>
    public string Artifacts => Path.Combine(Root, "artifacts");

    /// <summary>Contents of objects, one folder a provider; owner-only.</summary>
    public string Blobs => Path.Combine(Root, "blobs");

    /// <summary>Actors' compiled code, which is made again when it is not there.</summary>
    public string CompiledCode => Path.Combine(Root, "cache", "code");

    /// <summary>Files of components, a folder a workload.</summary>
    public string Folders => Path.Combine(Root, "folders");

    /// <summary>Records of calls that trapped, where blueprints ask for them; owner-only.</summary>
    public string Records => Path.Combine(Root, "records");

    /// <summary>The owner's door to the bus.</summary>
    public string ControlSocket => Path.Combine(Root, "control.sock");

    /// <summary>Held while a node runs.</summary>
    public string Lock => Path.Combine(Root, "node.lock");

    /// <summary>The version of this layout.</summary>
    public string Version => Path.Combine(Root, "version");
}

using System.Text;
using Allotrope.Kernel;

namespace Allotrope.DataFolder;

/// <summary>Secret keys, one a file <c>{name}.nk</c> with the seed in nkey form, readable by the owner only.</summary>
public sealed class KeyFolder(string path)
{
    public const string NodeKey = "node";
    public const string UserKey = "user";

    const string Extension = ".nk";

    /// <summary>The names of the keys kept, in order.</summary>
    public IEnumerable<string> Names => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*" + Extension).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)
        : [];

    public bool Has(string name) => File.Exists(FileOf(name));

    /// <summary>Makes a key and keeps it. The file appears complete or not at all.</summary>
    /// <exception cref="FaultException"><see cref="Fault.Conflict"/> when the name is taken, <see cref="Fault.Invalid"/> when it is no name.</exception>
    public KeyPair Create(string name, KeyRole role, IRandom random)
    {
        if (name.Length is 0 or > 63 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new FaultException(new Fault.Invalid("key name", $"'{name}' is no name for a key: use 1 to 63 letters, digits, '-' and '_'."));
        var key = KeyPair.Create(role, random);
        try
        {
            OwnerOnlyFile.Write(FileOf(name), Encoding.ASCII.GetBytes(key.ToSeed() + "\n"), overwrite: false);
            return key;
        }
        catch (IOException error) when (Has(name))
        {
            key.Dispose();
            throw new FaultException(new Fault.Conflict($"There is a key named {name} in {path} already: choose another name."), error);
        }
    }

    /// <exception cref="FaultException"><see cref="Fault.NotFound"/>, or <see cref="Fault.Damaged"/> when the file holds no seed.</exception>
    public KeyPair Read(string name) => ReadFile(FileOf(name), name);

    /// <summary>Reads a key by its name here or by the path of a seed file.</summary>
    public KeyPair Find(string nameOrFile) =>
        nameOrFile.Contains('/') || nameOrFile.EndsWith(Extension, StringComparison.Ordinal) ? ReadFile(nameOrFile, nameOrFile) : Read(nameOrFile);

    KeyPair ReadFile(string file, string name)
    {
        if (!File.Exists(file))
            throw new FaultException(name is NodeKey or UserKey && Directory.Exists(path)
                ? new Fault.Damaged($"The key file {file} is missing: restore the data folder from a backup.")
                : new Fault.NotFound($"There is no key {name} in {path}: `allot key list` names those there are, `allot key new` makes one."));
        try
        {
            return KeyPair.FromSeed(File.ReadAllText(file).Trim());
        }
        catch (FormatException error)
        {
            throw new FaultException(new Fault.Damaged($"The key file {file} holds no key: {error.Message} Restore it from a backup."), error);
        }
    }

    string FileOf(string name) => Path.Combine(path, name + Extension);
}

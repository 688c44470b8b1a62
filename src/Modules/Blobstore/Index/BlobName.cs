using System.Text;
using Allotrope.Kernel;

namespace Allotrope.Blobstore;

/// <summary>Names of containers and objects: any text of some length. None is ever part of a path.</summary>
static class BlobName
{
    const int ShownCharacters = 80;
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="FaultException"><see cref="Fault.Invalid"/> for what is too long, empty or no text.</exception>
    public static void Check(string what, string name)
    {
        if (name.Length is 0 or > BlobstoreLimits.NameLength)
            throw new FaultException(new Fault.Invalid("name", $"The name of the {what} has {name.Length} characters; 1 to {BlobstoreLimits.NameLength} bytes are allowed."));
        try
        {
            if (Strict.GetByteCount(name) is var length and > BlobstoreLimits.NameLength)
                throw new FaultException(new Fault.Invalid("name", $"The name of the {what} has {length} bytes; {BlobstoreLimits.NameLength} are the most."));
        }
        catch (EncoderFallbackException error)
        {
            throw new FaultException(new Fault.Invalid("name", $"The name of the {what} is no text: half a character stands alone in it."), error);
        }
    }

    /// <summary>The name as an error may show it.</summary>
    public static string Shorten(string name) => name.Length <= ShownCharacters ? name : name[..ShownCharacters] + "…";
}

using System.Diagnostics.Metrics;
using Allotrope.Contracts;

namespace Allotrope.Blobstore;

/// <summary>What the module counts.</summary>
static class BlobstoreMeter
{
    static readonly Meter Meter = new("Allotrope.Blobstore");

    static readonly Counter<long> Operations = Meter.CreateCounter<long>(
        "allotrope.blobstore.operations", "{operation}", "Operations of components, by name and by whether they got an error.");

    public static void Count(BlobOperation operation, bool failed)
    {
        if (Operations.Enabled)
            Operations.Add(1, new("operation", operation.GetType().Name), new("error", failed));
    }
}

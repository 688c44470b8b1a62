using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Actors;

static class AssignmentExtensions
{
    extension(Assignment assignment)
    {
        /// <summary>What sentences call it: <c>Actor counter</c>, <c>Component shop-page</c>.</summary>
        public string Title => $"{(assignment.Kind == ComponentKind.Component ? "Component" : "Actor")} {assignment.Workload}";

        /// <summary>Compares by what would travel: records compare their lists by identity.</summary>
        public bool IsSameAs(Assignment other) => Bytes(assignment).Span.SequenceEqual(Bytes(other).Span);

        /// <exception cref="FaultException">The image has none.</exception>
        public string RequireDigest() => ImageReference.Parse(assignment.Image).Digest
            ?? throw new FaultException(new Fault.Invalid("image", $"{assignment.Workload} names the image {assignment.Image} without a digest."));
    }

    static ReadOnlyMemory<byte> Bytes(Assignment assignment) => Payload.Of(assignment, ContractsJson.Default.Assignment).ToBytes();
}

using System.Net;

namespace Allotrope.Gateway;

static class Addresses
{
    extension(IPAddress address)
    {
        /// <summary>True for the address that stands for all of the machine's.</summary>
        public bool IsAny => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
    }
}

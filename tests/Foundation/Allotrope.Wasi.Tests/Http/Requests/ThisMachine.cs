using System.Net;
using System.Net.Sockets;

namespace Allotrope.Wasi.Tests.Http.Requests;

public static class ThisMachine
{
    /// <summary>The machine's name, which stands for 127.0.0.1. Where it does not, or for nothing at all, the test is skipped.</summary>
    public static async Task<string> NameAsync()
    {
        var name = Dns.GetHostName();
        IPAddress[] known = [];
        try
        {
            known = await Dns.GetHostAddressesAsync(name, AddressFamily.InterNetwork, TestContext.Current.CancellationToken);
        }
        catch (SocketException)
        {
            // nobody knows it
        }
        Assert.SkipUnless(known is [var first, ..] && first.Equals(IPAddress.Loopback), $"{name} is not at 127.0.0.1 here");
        return name;
    }
}

using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Allotrope.Listening;

/// <summary>What every listener of a long-running process wants of Kestrel.</summary>
public static class ListeningExtensions
{
    /// <summary>
    /// Makes Kestrel's listeners close new connections while the process has fewer than 64 descriptors left (RLIMIT_NOFILE), all listeners together,
    /// with one warning in the log each time it begins; accepted connections are not touched. Elsewhere than on Linux it changes nothing.
    /// </summary>
    public static IWebHostBuilder SpareDescriptors(this IWebHostBuilder builder) =>
        builder.ConfigureServices(services => services.AddSingleton<IConnectionListenerFactory, SparingListenerFactory>());
}

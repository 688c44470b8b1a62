using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Allotrope.Wasi.Tests.Http.Requests;

/// <summary>A web server on loopback that answers as the test says.</summary>
sealed class Peer : IAsyncDisposable
{
    readonly WebApplication _host;

    Peer(WebApplication host) => _host = host;

    /// <summary>Of the servers that speak TLS, for <c>localhost</c> and <c>127.0.0.1</c>.</summary>
    public static X509Certificate2 Certificate { get; } = MakeCertificate();

    public string Scheme { get; private init; } = "http";

    /// <summary>Such as <c>127.0.0.1:40000</c>.</summary>
    public string Authority { get; private set; } = "";

    public int Port => int.Parse(Authority.Split(':')[1], null);

    public static Task<Peer> StartAsync(Func<HttpContext, Task> answer) => StartAsync(answer, null);

    public static Task<Peer> StartTlsAsync(Func<HttpContext, Task> answer, HttpProtocols protocols = HttpProtocols.Http1AndHttp2) => StartAsync(answer, protocols);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    static async Task<Peer> StartAsync(Func<HttpContext, Task> answer, HttpProtocols? tls)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxResponseBufferSize = 64 * 1024;
            kestrel.Limits.MinRequestBodyDataRate = kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = tls ?? HttpProtocols.Http1;
                if (tls is not null)
                    listen.UseHttps(Certificate);
            });
        });
        if (tls is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        var host = builder.Build();
        host.Run(new RequestDelegate(answer));
        await host.StartAsync();
        var address = new Uri(host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        return new Peer(host) { Scheme = address.Scheme, Authority = $"127.0.0.1:{address.Port}" };
    }

    static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }
}

using System.Text.Json;
using Allotrope.Kernel;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Allotrope.Gateway;

/// <summary>
/// Answers the requests of one listener:
/// <code>
/// client --(1)--> route --(2)--> encode head and body --(3)--> bus, actor --(4)--> decode --(5)--> client
///                   |              |                             |                   |
///                  404      400 408 413 503                502 503 504              502
/// </code>
/// A component's requests and answers are not encoded but stream: <see cref="StreamedExchange"/>.
/// Every failure becomes a <see cref="Problem"/> here and nowhere else.
/// </summary>
sealed partial class RequestHandler(RouteTable routes, RequestSender sender, GatewayServices services) : IHttpApplication<Exchange>
{
    /// <summary>The status under which a request whose client has left is logged and counted; it is never sent.</summary>
    const int ClientLeft = 499;

    volatile RouteTable _routes = routes;

    /// <summary>What is routed where, exchanged while requests flow.</summary>
    public RouteTable Routes
    {
        get => _routes;
        set => _routes = value;
    }

    public Exchange CreateContext(IFeatureCollection contextFeatures)
    {
        services.Metrics.Began();
        var began = services.Metrics.WantsTime || services.Log.IsEnabled(LogLevel.Debug) ? services.Clock.GetTimestamp() : 0;
        // Kestrel keeps the exchange with the connection for the next request
        var exchange = contextFeatures is IHostContextContainer<Exchange> connection ? connection.HostContext ??= new() : new Exchange();
        return exchange.Begin(contextFeatures, began);
    }

    public async Task ProcessRequestAsync(Exchange context)
    {
        try
        {
            await AnswerAsync(context);
        }
        catch (BadHttpRequestException error)
        {
            context.Buffer.Reset();
            await RefuseAsync(context, Problem.BadRequest(error.StatusCode, services.Options.Limits.BodyLength));
        }
        catch (FaultException error) when (!context.Response.HasStarted)
        {
            context.Buffer.Abandon();
            await FailAsync(context, context.Route!.Workload, error.Fault);
        }
        catch (FaultException error) // in the middle of an answer that streams: only by cutting it off can the client be told
        {
            LogFailed(services.Log, context.Route!.Workload, error.Message);
            context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>().Abort();
        }
        catch (Exception error) when (error is IOException || (error is OperationCanceledException && ClientOf(context).IsCancellationRequested))
        {
            context.Buffer.Abandon();
            context.ClientLeft = true;
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            context.Buffer.Abandon();
            LogBroken(services.Log, error);
            await RefuseAsync(context, Problem.Broken);
        }
    }

    public void DisposeContext(Exchange context, Exception? exception)
    {
        var status = context.ClientLeft ? ClientLeft : context.Response.StatusCode;
        var elapsed = context.Began == 0 ? TimeSpan.Zero : services.Clock.GetElapsedTime(context.Began);
        if (services.Log.IsEnabled(LogLevel.Debug))
            LogAnswered(services.Log, context.Request.Method, context.Request.RawTarget, status, context.Route?.Workload, elapsed.TotalMilliseconds);
        GiveBack(context);
        services.Metrics.Ended(context.Route?.Workload, status, elapsed);
    }

    async ValueTask AnswerAsync(Exchange exchange)
    {
        var request = exchange.Request;
        exchange.Route = _routes.Find(request.Headers.Host.ToString(), request.Path);                                        // (1)
        if (exchange.Route is not { } route)
        {
            await RefuseAsync(exchange, Problem.NoRoute);
            return;
        }

        var left = ClientOf(exchange);
        if (route.Streams)
        {
            await sender.StreamAsync(exchange, route, left);
            return;
        }

        RequestEncoder.WriteHead(exchange.Buffer, request);                                                                  // (2)
        if (!exchange.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody)
            RequestEncoder.WriteNoBody(exchange.Buffer);
        else if (!await RequestEncoder.WriteBodyAsync(exchange, services.Bodies, left))
        {
            exchange.Buffer.Reset();
            await RefuseAsync(exchange, Problem.Busy);
            return;
        }

        var encoded = await sender.SendAsync(route, exchange.Buffer.Written, left);                                          // (3)
        exchange.Buffer.Reset();
        GiveBack(exchange);
        var body = Answer.Read(encoded, exchange.Response.Headers, out var status);                                         // (4)
        exchange.Response.StatusCode = status;
        if (status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
            return;
        exchange.Response.Headers.ContentLength = body.Length;
        await exchange.Features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(body, left);               // (5)
    }

    /// <summary>Cancelled when the client leaves.</summary>
    static CancellationToken ClientOf(Exchange exchange) => exchange.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted;

    void GiveBack(Exchange exchange)
    {
        if (exchange.Held > 0)
            services.Bodies.Return(exchange.Held);
        exchange.Held = 0;
    }

    async ValueTask FailAsync(Exchange exchange, string workload, Fault fault)
    {
        LogFailed(services.Log, workload, fault.Message);
        // The actor's own errors are in its log already; that its answer cannot be sent is known only here
        if (fault is Fault.Invalid)
            await sender.LogAsync(workload, $"The answer to an HTTP request could not be sent: {fault.Message}");
        await RefuseAsync(exchange, Problem.Of(fault, workload));
    }

    static async ValueTask RefuseAsync(Exchange exchange, Problem problem)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(problem, ProblemJson.Readable.Problem);
        exchange.Response.StatusCode = problem.Status;
        var headers = exchange.Response.Headers;
        headers.Clear();
        headers.ContentType = "application/problem+json";
        headers.CacheControl = "no-store";
        headers.ContentLength = body.Length;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
            headers.RetryAfter = "1";
        await exchange.Features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(body);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Method} {Target} -> {Status} by {Workload} in {Milliseconds:F1} ms")]
    static partial void LogAnswered(ILogger log, string method, string target, int status, string? workload, double milliseconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "The gateway failed to answer a request; report this")]
    static partial void LogBroken(ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "A request to {Workload} failed: {Reason}")]
    static partial void LogFailed(ILogger log, string workload, string reason);
}

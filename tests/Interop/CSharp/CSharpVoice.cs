using System.Net;
using System.Text;
using Allotrope.Artery;
using Allotrope.Artery.Client;

namespace Allotrope.Interop;

/// <summary>The same as <c>programs/limb.js</c>, in C#; the core dials it.</summary>
sealed class CSharpVoice : IAsyncDisposable
{
    const string Name = "csharp";

    readonly ArteryService _service;
    readonly Dictionary<string, List<ArteryData>> _heard = [];
    readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task _ready;

    /// <param name="expected">Ticks that it hears in all. Handlers of one name are in order, those of two are not: a report waits for them.</param>
    public CSharpVoice(string zone, string secret, CoreWay way, int expected)
    {
        _service = new ArteryService(new() { Zone = zone, Service = Name, Keys = [ArteryKey.OfZone(Encoding.UTF8.GetBytes(secret), zone)], Core = way });
        _service.On("ROLL_CALL", _ => _service.Send("PRESENT", ArteryData.Map(("name", Name), ("runtime", "csharp"))));
        _service.On("TICK", tick => Hear(tick, expected), ordered: true);
        _service.On("START", start =>
        {
            for (var number = 1; number <= start.Data.ToInt64(); number++)
                _service.Send("TICK", ArteryData.Map(("by", Name), ("number", number)));
        });
        _service.On("REPORT", async _ =>
        {
            await _complete.Task.WaitAsync(InteropZone.Patience);
            _service.Send("REPORTED", Report());
        });
        _ready = _service.StartAsync();
    }

    public static CoreWay Listening() => CoreWay.Listen(0, IPAddress.Loopback);

    public Task ReadyAsync() => _ready.WaitAsync(InteropZone.Patience);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    void Hear(ReceivedIntent tick, int expected)
    {
        lock (_heard)
        {
            var by = tick.Data["by"].ToText();
            if (!_heard.TryGetValue(by, out var numbers))
                _heard[by] = numbers = [];
            numbers.Add(tick.Data["number"]);
            if (_heard.Values.Sum(one => one.Count) == expected)
                _complete.SetResult();
        }
    }

    ArteryData Report()
    {
        lock (_heard)
            return ArteryData.Map(("name", Name), ("heard", ArteryData.Map([.. _heard.Select(one => (one.Key, ArteryData.List([.. one.Value])))])));
    }
}

using System.Runtime.InteropServices;

namespace Allotrope.Wasm;

/// <summary>
/// Finds which locals a function's parts take and give: a value matters where some way on from there reads it. The code is read backwards; what a
/// loop's beginning needs is known only after that, so all is read again until nothing new comes of it.
/// </summary>
sealed class Liveness
{
    /// <summary>How often the code is read. Real code needs one more than its loops are deep.</summary>
    const int MostPasses = 16;

    readonly List<FlowStep> _steps;
    readonly int _locals;
    readonly Part[] _parts;
    readonly Dictionary<int, LocalSet> _loops = [];
    readonly List<OpenBlock> _open = [];
    readonly int[] _begins;
    readonly LocalSet _live;
    readonly LocalSet _used;
    readonly LocalSet _written;
    readonly LocalSet _left;
    readonly int[] _sites;
    readonly LocalSet[] _after;
    int _nextPart;
    int _nextSite;
    Part? _part;
    bool _changed;

    Liveness(List<FlowStep> steps, int locals, IEnumerable<Part> parts, int[] sites)
    {
        _sites = sites;
        _after = Array.ConvertAll(sites, _ => new LocalSet(locals));
        (_steps, _locals) = (steps, locals);
        _parts = [.. parts.OrderByDescending(part => part.Start)];
        _begins = Begins(steps);
        (_live, _used, _written, _left) = (new(locals), new(locals), new(locals), new(locals));
    }

    /// <summary>Sets what the parts take and give.</summary>
    /// <returns>False when that would take too long.</returns>
    internal static bool TryFind(List<FlowStep> steps, int locals, IEnumerable<Part> parts) => new Liveness(steps, locals, parts, []).TryFind();

    /// <summary>What is needed behind the instructions at some places, in the order of the code.</summary>
    /// <returns>Null when finding out would take too long.</returns>
    internal static LocalSet[]? After(List<FlowStep> steps, int locals, int[] places)
    {
        var liveness = new Liveness(steps, locals, [], places);
        return liveness.TryFind() ? liveness._after : null;
    }

    bool TryFind()
    {
        for (var pass = 0; pass < MostPasses; pass++)
        {
            Pass();
            if (!_changed)
                return true;
        }

        return false;
    }

    void Pass()
    {
        (_changed, _nextPart, _part, _nextSite) = (false, 0, null, _sites.Length - 1);
        _open.Clear();
        _live.Clear();
        for (var i = _steps.Count - 1; i >= 0; i--)
        {
            MoveTo(_steps[i].Position);
            Step(_steps[i], i);
        }

        MoveTo(-1);
    }

    /// <summary>Begins and ends parts that lie before what was read last and behind the position that comes next.</summary>
    void MoveTo(int position)
    {
        for (; _nextSite >= 0 && _sites[_nextSite] > position; _nextSite--)
            _after[_nextSite].Set(_live);
        while (true)
        {
            if (_part is { } part && part.Start > position)
            {
                (part.Taken, part.Given, part.Used) = (_used.ToArray(_live), _written.ToArray(_left), _used.ToArray());
                _part = null;
            }

            if (_part is not null || _nextPart == _parts.Length || _parts[_nextPart].End <= position)
                return;
            _part = _parts[_nextPart++];
            _used.Clear();
            _written.Clear();
            _left.Set(_live);
        }
    }

    void Step(in FlowStep step, int number)
    {
        switch (step.Opcode)
        {
            case Opcode.LocalGet:
                _used.Add(step.Index);
                _live.Add(step.Index);
                break;
            case Opcode.LocalSet or Opcode.LocalTee:
                _used.Add(step.Index);
                _written.Add(step.Index);
                _live.Remove(step.Index);
                break;
            case Opcode.End: Open(_begins[number]); break;
            case Opcode.Else:
                _open[^1].Otherwise = _live.Copy();
                _live.Set(_open[^1].Label);
                break;
            case Opcode.If:
                var either = Close();
                _live.Add(either.Otherwise ?? either.Label);
                break;
            case Opcode.Loop: CloseLoop(); break;
            case Opcode.Block or Opcode.TryTable: Close(); break;
            case Opcode.BrIf: Branch(step.Index); break;
            default:
                _live.Clear();
                foreach (var label in step.Opcode == Opcode.Br ? [step.Index] : step.Targets ?? [])
                    Branch(label);
                break;
        }

        // What a handler reads is needed wherever something may be thrown.
        if (_open is [.., { Caught: { } caught }])
            _live.Add(caught);
    }

    void Branch(int depth)
    {
        var label = _open[^(depth + 1)].Label;
        _live.Add(label);
        if (_part is { } part && depth >= _open.Count - part.Depth)
            _left.Add(label);
    }

    /// <summary>Read backwards, a block opens at its end.</summary>
    void Open(int begin)
    {
        var kind = begin < 0 ? Opcode.Block : _steps[begin].Opcode;
        var outer = _open is [.., { Caught: { } caught }] ? caught : null;
        var label = kind != Opcode.Loop ? _live.Copy() : CollectionsMarshal.GetValueRefOrAddDefault(_loops, begin, out _) ??= new(_locals);
        var block = new OpenBlock(label, outer);
        _open.Add(block);
        if (kind != Opcode.TryTable)
            return;
        block.Caught = outer?.Copy() ?? new(_locals);
        foreach (var target in _steps[begin].Targets!)
            block.Caught.Add(_open[^(target + 1)].Label);
    }

    OpenBlock Close()
    {
        var block = _open[^1];
        _open.RemoveAt(_open.Count - 1);
        return block;
    }

    void CloseLoop()
    {
        var label = Close().Label;
        if (label.Equals(_live))
            return;
        label.Set(_live);
        _changed = true;
    }

    /// <summary>By end, where the block began; -1 for the function.</summary>
    static int[] Begins(List<FlowStep> steps)
    {
        var begins = new int[steps.Count];
        var open = new Stack<int>([-1]);
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Opcode is Opcode.Block or Opcode.Loop or Opcode.If or Opcode.TryTable)
                open.Push(i);
            else if (steps[i].Opcode == Opcode.End)
                begins[i] = open.Pop();
        }

        return begins;
    }

    sealed class OpenBlock(LocalSet label, LocalSet? caught)
    {
        /// <summary>What is needed where branches to it go.</summary>
        internal LocalSet Label => label;

        /// <summary>What the other branch of an if needs.</summary>
        internal LocalSet? Otherwise { get; set; }

        /// <summary>What is needed where exceptions go that are thrown in it, if it or one around it catches.</summary>
        internal LocalSet? Caught { get; set; } = caught;
    }
}

namespace Allotrope.Wasm;

/// <summary>A way of calling through references: all that a table, or any reference, may lead to with a type.</summary>
/// <param name="Table">The table, or <see cref="AnyReference"/>.</param>
/// <param name="Type">The type asked for; functions of its subtypes are called too.</param>
readonly record struct CallSite(int Table, FunctionType Type)
{
    internal const int AnyReference = -1;
}

/// <summary>Reads all code once and collects who calls whom; see <see cref="CallGraph"/>.</summary>
sealed class Calls
{
    /// <summary>Tables that are told apart; a module of which more matter is none that compilers make.</summary>
    const int MostTables = 16;

    readonly ModuleImage _image;
    readonly HostConduct _host;
    readonly List<int> _edges = [];
    readonly Dictionary<CallSite, int> _sites = [];

    /// <summary>By node, the last one that an edge was drawn from: repeated calls need no second.</summary>
    readonly List<int> _lastCaller = [];

    /// <summary>Functions that some reference leads to.</summary>
    readonly HashSet<int> _referenced = [];

    /// <summary>Tables whose elements are changed by code.</summary>
    readonly HashSet<int> _written = [];

    internal Calls(ModuleImage image, HostConduct host)
    {
        (_image, _host) = (image, host);
        _lastCaller.AddRange(Enumerable.Repeat(-1, World + 1));
        for (var i = 0; i < image.Bodies.Count; i++)
            ReadCode(image.ImportedFunctions + i, image.Bodies[i]);
        ReadReferences();
        DrawImports();
        DrawSites();
        Graph = new CallGraph(_lastCaller.Count, _edges);
    }

    internal CallGraph Graph { get; }

    /// <summary>The node for everything outside that is no import: it calls what it can get hold of.</summary>
    internal int World => _image.Functions.Count;

    /// <summary>The node of an indirect call or call through a reference.</summary>
    internal int NodeOf(CallSite site) => _sites[site];

    /// <summary>What an instruction calls through; null when it is no such call.</summary>
    internal static CallSite? SiteOf(ModuleImage image, in Instruction instruction) => instruction.Opcode switch
    {
        Opcode.CallIndirect or Opcode.ReturnCallIndirect => new(instruction.Second, (FunctionType)image.Types[instruction.Index]),
        Opcode.CallRef or Opcode.ReturnCallRef => new(CallSite.AnyReference, (FunctionType)image.Types[instruction.Index]),
        _ => null,
    };

    void ReadCode(int function, FunctionBody body)
    {
        var reader = InstructionReader.OfBody(_image, body);
        while (!reader.AtEnd)
        {
            var instruction = reader.Next();
            switch (instruction.Opcode)
            {
                case Opcode.Call or Opcode.ReturnCall: Draw(function, instruction.Index); break;
                case Opcode.RefFunc: _referenced.Add(instruction.Index); break;
                case Opcode.TableSet or Opcode.TableGrow or Opcode.TableFill or Opcode.TableCopy: _written.Add(instruction.Index); break;
                case Opcode.TableInit: _written.Add(instruction.Second); break;
                default:
                    if (SiteOf(_image, instruction) is { } site)
                        Draw(function, Node(site));
                    break;
            }
        }
    }

    /// <summary>References that are there from the start.</summary>
    void ReadReferences()
    {
        foreach (var segment in _image.ElementSegments.Where(segment => segment.Mode != SegmentMode.Declarative))
        {
            foreach (var item in segment.Items)
                ReadReferences(item);
        }

        foreach (var initial in _image.GlobalInitializers)
            ReadReferences(initial);
        foreach (var initial in _image.TableInitializers)
        {
            if (initial is { } expression)
                ReadReferences(expression);
        }
    }

    void ReadReferences(in ConstantExpression expression)
    {
        if (expression.Single == Opcode.RefFunc)
            _referenced.Add((int)expression.Operand);
        if (expression.Single is not null)
            return;
        var reader = new InstructionReader(_image, expression.ByteOffset, expression.End);
        while (!reader.AtEnd)
        {
            if (reader.Next() is { Opcode: Opcode.RefFunc } reference)
                _referenced.Add(reference.Index);
        }
    }

    /// <summary>Where the outside may call back, each import leads to it, and it to all that it can get hold of.</summary>
    void DrawImports()
    {
        if (_host == HostConduct.Plain)
            return;
        for (var import = 0; import < _image.ImportedFunctions; import++)
            Draw(import, World);
        foreach (var function in Exported().Union(_referenced))
            Draw(World, function);
    }

    IEnumerable<int> Exported() => _image.Exports.Where(export => export.Type is ExternType.Func).Select(export => export.Index);

    void DrawSites()
    {
        var sealedTables = SealedTables();
        var foreign = new References(_image, _host).ComeFromOutside;
        var open = new Targets(this);
        foreach (var function in foreign ? _referenced.Union(Exported()).Union(Enumerable.Range(0, _image.ImportedFunctions)) : _referenced)
            open.Add(function);
        var targets = new Dictionary<int, Targets>();
        foreach (var table in sealedTables)
            targets[table] = new Targets(this);
        foreach (var segment in _image.ElementSegments)
        {
            if (segment.Mode != SegmentMode.Active || !targets.TryGetValue(segment.Target, out var elements))
                continue;
            foreach (var item in segment.Items.Where(item => item.Single == Opcode.RefFunc))
                elements.Add((int)item.Operand);
        }

        foreach (var (site, node) in _sites.ToArray())
        {
            var reached = targets.GetValueOrDefault(site.Table, open);
            Draw(node, reached.NodeOf(site.Type));
            if (foreign && reached == open)
                CallsOutside.Add(node);
        }

        if (_host != HostConduct.Free)
            return;
        foreach (var node in CallsOutside)
            Draw(node, World);
    }

    /// <summary>Nodes of calls that may reach functions that nobody here knows.</summary>
    internal HashSet<int> CallsOutside { get; } = [];

    /// <summary>Tables that hold what the module's element segments put there, and nothing else ever.</summary>
    List<int> SealedTables()
    {
        var open = new HashSet<int>(_written);
        if (_host == HostConduct.Free)
            open.UnionWith(_image.Exports.Where(export => export.Type is ExternType.Table).Select(export => export.Index));
        foreach (var segment in _image.ElementSegments)
        {
            if (segment.Mode == SegmentMode.Active && segment.Items.Any(item => item.Single is not (Opcode.RefFunc or Opcode.RefNull)))
                open.Add(segment.Target);
        }

        return [.. Enumerable.Range(_image.ImportedTables, _image.Tables.Count - _image.ImportedTables)
            .Where(table => !open.Contains(table) && _image.TableInitializers[table - _image.ImportedTables] is null or { Single: Opcode.RefNull }).Take(MostTables)];
    }

    int Node(CallSite site)
    {
        if (!_sites.TryGetValue(site, out var node))
            _sites[site] = node = AddNode();
        return node;
    }

    int AddNode()
    {
        _lastCaller.Add(-1);
        return _lastCaller.Count - 1;
    }

    void Draw(int caller, int callee)
    {
        if (_lastCaller[callee] == caller)
            return;
        _lastCaller[callee] = caller;
        _edges.Add(caller);
        _edges.Add(callee);
    }

    /// <summary>A set of functions by type: the node of a type leads to its functions, and to the nodes of the types that extend it.</summary>
    sealed class Targets(Calls calls)
    {
        readonly Dictionary<DefinedType, int> _nodes = [];
        readonly HashSet<int> _added = [];

        internal void Add(int function)
        {
            if (_added.Add(function))
                calls.Draw(NodeOf(calls._image.Functions[function]), function);
        }

        internal int NodeOf(DefinedType type)
        {
            if (_nodes.TryGetValue(type, out var node))
                return node;
            _nodes[type] = node = calls.AddNode();
            if (type.Supertype is { } super)
                calls.Draw(NodeOf(super), node);
            return node;
        }
    }
}

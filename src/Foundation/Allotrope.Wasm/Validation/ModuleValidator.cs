namespace Allotrope.Wasm;

/// <summary>Checks everything in a module that goes beyond its form.</summary>
sealed class ModuleValidator
{
    /// <summary>
    /// Locals of all functions together. Five bytes declare fifty thousand, so without this a small module could ask for gigabytes;
    /// the largest real modules have a few hundred thousand.
    /// </summary>
    const int MostLocals = 2_000_000;

    readonly ModuleImage _image;

    /// <summary>Functions that occur outside the code, and so may be referred to in it.</summary>
    readonly HashSet<int> _declared = [];

    readonly ConstantValidator _constants;

    ModuleValidator(ModuleImage image)
    {
        _image = image;
        _constants = new ConstantValidator(image, _declared);
    }

    /// <returns>Facts about each function that is not imported.</returns>
    /// <exception cref="InvalidModuleException">The module breaks a rule.</exception>
    internal static FunctionFacts[] Validate(ModuleImage image)
    {
        var validator = new ModuleValidator(image);
        validator.CheckTables();
        validator.CheckGlobals();
        validator.CheckExports();
        validator.CheckStart();
        validator.CheckElements();
        validator.CheckData();
        return validator.CheckCode();
    }

    /// <summary>Checks the data alone, of a module whose other sections are known to be valid.</summary>
    /// <exception cref="InvalidModuleException">The data breaks a rule.</exception>
    internal static void ValidateData(ModuleImage image) => new ModuleValidator(image).CheckData();

    /// <summary>Tables of references that are never null say what they hold.</summary>
    void CheckTables()
    {
        foreach (var (index, initializer) in _image.TableInitializers.Index())
        {
            var element = _image.Tables[_image.ImportedTables + index].Element;
            if (initializer is { } expression)
                _constants.Expect(expression, element, _image.ImportedGlobals);
            else if (!element.IsNullable)
                throw new InvalidModuleException($"type mismatch: a table of {element} needs an initial value", 0);
        }
    }

    void CheckGlobals()
    {
        foreach (var (index, initializer) in _image.GlobalInitializers.Index())
            _constants.Expect(initializer, _image.Globals[_image.ImportedGlobals + index].Type, _image.ImportedGlobals + index);
    }

    void CheckExports()
    {
        foreach (var export in _image.Exports)
        {
            if (export.Type is ExternType.Func)
                _declared.Add(export.Index);
        }
    }

    void CheckStart()
    {
        if (_image.Start is { } start && _image.Functions[start.Index] is var type && type is not { Parameters: [], Results: [] })
            throw new InvalidModuleException($"start function {start.Index} must take and give nothing, and is {type}", start.ByteOffset);
    }

    void CheckElements()
    {
        foreach (var segment in _image.ElementSegments)
        {
            if (segment.Mode == SegmentMode.Active)
            {
                if ((uint)segment.Target >= (uint)_image.Tables.Count)
                    throw new InvalidModuleException($"unknown table {segment.Target}", segment.Offset.ByteOffset);
                if (!segment.Type.Matches(_image.Tables[segment.Target].Element))
                    throw new InvalidModuleException("type mismatch: the segment and its table hold different references", segment.Offset.ByteOffset);
                Expect(segment.Offset, _image.Tables[segment.Target].Limits.Address);
            }

            foreach (var item in segment.Items)
                Expect(item, segment.Type);
        }
    }

    void CheckData()
    {
        foreach (var segment in _image.DataSegments.Where(segment => segment.Mode == SegmentMode.Active))
        {
            if ((uint)segment.Target >= (uint)_image.Memories.Count)
                throw new InvalidModuleException($"unknown memory {segment.Target}", segment.Offset.ByteOffset);
            Expect(segment.Offset, _image.Memories[segment.Target].Limits.Address);
        }
    }

    FunctionFacts[] CheckCode()
    {
        var facts = new FunctionFacts[_image.Bodies.Count];
        var locals = 0;
        for (var i = 0; i < facts.Length; i++)
        {
            facts[i] = new FunctionValidator(_image, _declared, _image.Functions[_image.ImportedFunctions + i], _image.Bodies[i]).Validate();
            locals += facts[i].Locals.Length;
            if (locals > MostLocals)
                throw new InvalidModuleException($"the functions have more than {MostLocals} locals in all", _image.Bodies[i].Start);
        }

        return facts;
    }

    /// <summary>A segment's expression may use every global: it is evaluated when all have their values.</summary>
    void Expect(in ConstantExpression expression, WasmType type) => _constants.Expect(expression, type, _image.Globals.Count);
}

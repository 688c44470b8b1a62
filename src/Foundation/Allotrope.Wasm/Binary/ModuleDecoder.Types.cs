namespace Allotrope.Wasm;

/// <content>The type section: groups of types that may refer to one another, which are interned group by group.</content>
sealed partial class ModuleDecoder
{
    const byte GroupForm = 0x4E;
    const byte OpenForm = 0x50;
    const byte FinalForm = 0x4F;
    const byte FunctionForm = 0x60;
    const byte StructForm = 0x5F;
    const byte ArrayForm = 0x5E;

    /// <summary>Parameters a signature may have: what other engines allow. More would only make frames that no stack holds.</summary>
    const int MostParameters = 1000;

    /// <summary>
    /// Results a signature may have. They travel as one structure, and the just-in-time compiler's work grows with the square of its size.
    /// </summary>
    const int MostResults = 64;

    /// <summary>
    /// Fields a struct may have. Other engines allow ten times as many; here each is a field of a .NET class, which the runtime finds in time that grows
    /// with their number.
    /// </summary>
    const int MostFields = 1_000;

    void ReadTypes(ref BinaryCursor section)
    {
        for (var left = Declarations(ref section, "types"); left > 0; left--)
            ReadGroup(ref section);
    }

    /// <summary>One type or a group of them, added to the image's.</summary>
    internal void ReadGroup(ref BinaryCursor section)
    {
        var at = section.Position;
        var count = 1;
        if (section.Peek() == GroupForm)
        {
            section.Byte();
            count = section.Count();
        }

        if (count > MostDeclarations - _image.Types.Count)
            throw TooMany("types", at);
        var sketches = new TypeSketch[count];
        for (var i = 0; i < count; i++)
            sketches[i] = ReadSubtype(ref section, count, i);
        _image.Types.AddRange(RecursionGroup.Intern(sketches, at));
    }

    /// <summary>A type, perhaps with the one it extends. Types that say nothing of it are final.</summary>
    TypeSketch ReadSubtype(ref BinaryCursor section, int groupSize, int place)
    {
        if (section.Peek() is not (OpenForm or FinalForm))
            return ReadComposite(ref section, groupSize);
        var isFinal = section.Byte() == FinalForm;
        var at = section.Position;
        var count = section.Count();
        if (count > 1)
            throw new InvalidModuleException($"a type extends {count} types and one is allowed", at);
        at = section.Position;
        var super = count == 0 ? -1 : Declared(section.Index(), _image.Types.Count + place, "type", at);
        var known = super >= 0 && super < _image.Types.Count;
        return ReadComposite(ref section, groupSize) with
        {
            IsFinal = isFinal,
            Supertype = known ? _image.Types[super] : null,
            SupertypePlace = super < 0 || known ? -1 : super - _image.Types.Count,
        };
    }

    TypeSketch ReadComposite(ref BinaryCursor section, int groupSize)
    {
        var at = section.Position;
        switch (section.Byte())
        {
            case FunctionForm:
                var parameters = ReadMany(ref section, MostParameters, "parameters", groupSize, TypeReader.ReadSketch);
                return TypeSketch.Function(parameters, ReadMany(ref section, MostResults, "results", groupSize, TypeReader.ReadSketch));
            case StructForm: return TypeSketch.Struct(ReadMany(ref section, MostFields, "fields", groupSize, TypeReader.ReadField));
            case ArrayForm: return TypeSketch.Array(TypeReader.ReadField(ref section, _image.Types, groupSize));
            default: throw new InvalidModuleException("integer representation too long or malformed function type", at);
        }
    }

    delegate FieldSketch ReadOne(ref BinaryCursor section, List<DefinedType> known, int groupSize);

    FieldSketch[] ReadMany(ref BinaryCursor section, int most, string what, int groupSize, ReadOne read)
    {
        var at = section.Position;
        var count = section.Count();
        if (count > most)
            throw new InvalidModuleException($"a type has {count} {what} and {most} are allowed", at);
        if (count == 0)
            return [];
        var fields = new FieldSketch[count];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = read(ref section, _image.Types, groupSize);
        return fields;
    }
}

using System.Text;

namespace Allotrope.Wasm;

/// <summary>
/// The process's table of types, by groups of types that were defined together and may refer to one another. It holds them weakly: groups that no
/// module, value or host uses any more are forgotten, and so is what they refer to.
/// </summary>
static class RecursionGroup
{
    /// <summary>Supertypes a type may have, as other engines allow: casts look them up in a list that each type has.</summary>
    internal const int MostSupertypes = 63;

    static readonly Lock Gate = new();
    static readonly Dictionary<string, WeakReference<DefinedType[]>> Interned = [];
    static int _sweepAt = 1024;

    /// <summary>Where texts are put together, one after the other.</summary>
    [ThreadStatic]
    static StringBuilder? _text;

    /// <summary>The types that stand for these definitions.</summary>
    /// <exception cref="InvalidModuleException">A type extends one that it must not, at <paramref name="byteOffset"/>.</exception>
    internal static DefinedType[] Intern(TypeSketch[] sketches, int byteOffset = 0)
    {
        // Types of earlier groups go by their ids, which are never given out again: text that names one means what it meant.
        var key = Describe(sketches);
        lock (Gate)
        {
            if (Find(key) is { } known)
                return known;
        }

        var created = Create(sketches, byteOffset);
        lock (Gate)
        {
            if (Find(key) is { } known)
                return known;
            if (Interned.Count >= _sweepAt)
                Sweep();
            Interned[key] = new WeakReference<DefinedType[]>(created);
            return created;
        }
    }

    static string Describe(TypeSketch[] sketches)
    {
        const int MostKept = 16_384;
        var text = _text is { Capacity: <= MostKept } kept ? kept.Clear() : _text = new StringBuilder();
        foreach (var sketch in sketches)
        {
            sketch.Describe(text);
            text.Append(';');
        }

        return text.ToString();
    }

    static DefinedType[]? Find(string key) => Interned.TryGetValue(key, out var known) && known.TryGetTarget(out var group) ? group : null;

    static DefinedType[] Create(TypeSketch[] sketches, int byteOffset)
    {
        var group = Array.ConvertAll(sketches, sketch => sketch.Create());
        for (var i = 0; i < group.Length; i++)
        {
            var sketch = sketches[i];
            var super = sketch.SupertypePlace < 0 ? sketch.Supertype : group[sketch.SupertypePlace];
            group[i].Place(group, super, sketch.IsFinal);
            if (group[i].Depth > MostSupertypes)
                throw new InvalidModuleException($"a type has more than {MostSupertypes} supertypes", byteOffset);
        }

        for (var i = 0; i < group.Length; i++)
            group[i].Complete(sketches[i], group);
        foreach (var type in group)
        {
            if (type.Supertype is { } super && (super.IsFinal || !type.Extends(super)))
                throw new InvalidModuleException($"sub type {type} does not match super type {super}", byteOffset);
        }

        return group;
    }

    /// <summary>Forgets groups that nobody holds any more.</summary>
    static void Sweep()
    {
        foreach (var (key, known) in Interned)
        {
            if (!known.TryGetTarget(out _))
                Interned.Remove(key);
        }

        _sweepAt = Math.Max(1024, Interned.Count * 2);
    }
}

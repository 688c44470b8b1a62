using System.Collections.Immutable;
using Allotrope.Wasm;

namespace Allotrope.Components;

/// <summary>One of several cases, with or without a value. Enumerations, options and results are variants of a fixed form.</summary>
public sealed class VariantType : WitType
{
    public VariantType(ImmutableArray<VariantCase> cases, VariantForm form = VariantForm.Variant)
        : base([.. cases.Select(each => each.Type).OfType<WitType>()], needsName: form is VariantForm.Variant or VariantForm.Enum)
    {
        Cases = cases;
        Form = form;
    }

    public ImmutableArray<VariantCase> Cases { get; }

    public VariantForm Form { get; }

    public static VariantType Enum(ImmutableArray<string> labels) => new([.. labels.Select(label => new VariantCase(label, null))], VariantForm.Enum);

    public static VariantType Option(WitType some) => new([new("none", null), new("some", some)], VariantForm.Option);

    public static VariantType Result(WitType? ok, WitType? error) => new([new("ok", ok), new("error", error)], VariantForm.Result);

    internal override int LabelCount => Cases.Length;

    internal override bool HasShapeOf(WitType other) => other is VariantType variant && variant.Form == Form && variant.Cases.Length == Cases.Length
        && variant.Cases.Zip(Cases).All(pair => pair.First.Label == pair.Second.Label && pair.First.Type is null == pair.Second.Type is null);

    internal override WitType With(ImmutableArray<WitType> parts)
    {
        var next = 0;
        return new VariantType([.. Cases.Select(each => each with { Type = each.Type is null ? null : parts[next++] })], Form);
    }

    private protected override Layout Measure(bool wide) => Layout.Choice(Cases.Length, Parts, wide);

    private protected override bool Flatten(List<ValueKind> into, int most, bool wide)
    {
        if (!Add(into, most, ValueKind.I32))
            return false;
        var start = into.Count;
        var one = new List<ValueKind>();
        foreach (var part in Parts)
        {
            one.Clear();
            if (!part.TryFlatten(one, most - start, wide))
                return false;
            for (var i = 0; i < one.Count; i++)
            {
                if (start + i == into.Count)
                    into.Add(one[i]);
                else
                    into[start + i] = Join(into[start + i], one[i]);
            }
        }

        return true;
    }

    /// <summary>Bytes from the beginning of a value to that of its case's.</summary>
    internal long PayloadOffset(bool wide) =>
        Layout.Align(Layout.Discriminant(Cases.Length), Parts.IsEmpty ? 1 : Parts.Max(part => part.LayoutIn(wide).Alignment));

    /// <summary>The core type that holds values of either.</summary>
    static ValueKind Join(ValueKind one, ValueKind other) =>
        one == other ? one
        : (one, other) is (ValueKind.I32, ValueKind.F32) or (ValueKind.F32, ValueKind.I32) ? ValueKind.I32
        : ValueKind.I64;

    public override string ToString() => Form switch
    {
        _ when IsLong || Cases.Length > LongSize => $"{Form.ToString().ToLowerInvariant()} of {Cases.Length} cases",
        VariantForm.Option => $"option<{Cases[1].Type}>",
        VariantForm.Result => $"result<{Cases[0].Type?.ToString() ?? "_"}, {Cases[1].Type?.ToString() ?? "_"}>",
        VariantForm.Enum => $"enum {{ {string.Join(", ", Cases.Select(each => each.Label))} }}",
        _ => $"variant {{ {string.Join(", ", Cases.Select(each => each.Type is null ? each.Label : $"{each.Label}({each.Type})"))} }}",
    };
}

/// <summary>A case of a variant and the type of its value, if it has one.</summary>
public sealed record VariantCase(string Label, WitType? Type);

/// <summary>How WIT writes a variant.</summary>
public enum VariantForm
{
    Variant,
    Enum,
    Option,
    Result,
}

namespace Allotrope.Components.Wit;

/// <summary>A type where it is used.</summary>
public abstract record WitExpression
{
    WitExpression()
    {
    }

    /// <summary>The types it is made of.</summary>
    public virtual IEnumerable<WitExpression> Parts => [];

    /// <summary>One that is made of no other, by its keyword.</summary>
    public sealed record Primitive(string Keyword) : WitExpression;

    /// <summary>One that is defined elsewhere; of a resource, the owner's handle, which <c>own</c> may say.</summary>
    public sealed record Named(WitName Name, bool IsOwn = false) : WitExpression;

    /// <summary>A handle to a resource that was lent.</summary>
    public sealed record Borrow(WitName Resource) : WitExpression;

    /// <summary>Values of one type; of a fixed number when <paramref name="Length"/> is not null.</summary>
    public sealed record List(WitExpression Element, uint? Length) : WitExpression
    {
        public override IEnumerable<WitExpression> Parts => [Element];
    }

    /// <summary>A value or none.</summary>
    public sealed record Option(WitExpression Value) : WitExpression
    {
        public override IEnumerable<WitExpression> Parts => [Value];
    }

    /// <summary>What went well or what went wrong.</summary>
    public sealed record Result(WitExpression? Ok, WitExpression? Error) : WitExpression
    {
        public override IEnumerable<WitExpression> Parts => new[] { Ok, Error }.OfType<WitExpression>();
    }

    /// <summary>One value of each type.</summary>
    public sealed record Tuple(IReadOnlyList<WitExpression> Items) : WitExpression
    {
        public override IEnumerable<WitExpression> Parts => Items;
    }

    /// <summary>Values by keys.</summary>
    public sealed record Map(WitExpression Key, WitExpression Value) : WitExpression
    {
        public override IEnumerable<WitExpression> Parts => [Key, Value];
    }

    /// <summary>Values one after the other as they come, or one that is to come.</summary>
    public sealed record Channel(WitExpression? Element, bool IsFuture) : WitExpression
    {
        public override IEnumerable<WitExpression> Parts => Element is null ? [] : [Element];
    }
}

/// <summary>Names a type of the same interface or world.</summary>
public sealed class WitName(string text, WitPosition position)
{
    public string Text { get; } = text;

    public WitPosition Position { get; } = position;

    /// <summary>What it names.</summary>
    public WitDefinition Target { get; internal set; } = null!;

    public override string ToString() => Text;
}

namespace Allotrope.Wasm;

/// <summary>A table of references: functions for indirect calls, or objects of the host.</summary>
public sealed class Table
{
    readonly Store _store;

    /// <summary>Elements that no table exceeds.</summary>
    internal static ulong MostElements => (ulong)Array.MaxLength;

    /// <summary>The references; replaced when the table grows. Read by compiled code.</summary>
    internal object?[] Elements;

    /// <summary>Makes a table for guests of <paramref name="store"/> to import.</summary>
    /// <param name="element">A reference type.</param>
    /// <param name="limits">Elements at first and at most.</param>
    /// <param name="initial">What the first elements hold.</param>
    /// <exception cref="ArgumentException">Not a reference type, or more at first than at most, or null where the type has none.</exception>
    /// <exception cref="LinkException">The store's limit leaves no room for the minimum.</exception>
    public Table(Store store, WasmType element, Limits limits, object? initial = null)
        : this(store, element, limits, initial, isFilled: true)
    {
    }

    Table(Store store, WasmType element, Limits limits, object? initial, bool isFilled)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (!element.IsReference)
            throw new ArgumentException($"a table holds references, not {element}", nameof(element));
        if (limits.Minimum > limits.Maximum)
            throw new ArgumentException($"a table cannot begin with {limits.Minimum} elements and have at most {limits.Maximum}", nameof(limits));
        // .NET's arrays have no more, whatever the store allows.
        if (limits.Minimum > MostElements || !store.TryTakeElements(limits.Minimum))
        {
            throw new LinkException(
                $"a table of {limits.Minimum} elements is wanted, but the store allows {store.Limits.TableElements} elements in all, and one table has at most {MostElements}");
        }

        _store = store;
        Element = element;
        Limits = limits;
        Elements = new object?[limits.Minimum];
        if (isFilled)
            Array.Fill(Elements, Check(initial));
    }

    /// <summary>A table that <see cref="TryReplace"/> fills before a guest sees it; until then it holds null even where its type has none.</summary>
    internal static Table Unfilled(Store store, WasmType element, Limits limits) => new(store, element, limits, null, isFilled: false);

    public WasmType Element { get; }

    public Limits Limits { get; }

    /// <summary>Current number of elements.</summary>
    public int Count => Elements.Length;

    internal Store Store => _store;

    /// <summary>Instances that import it.</summary>
    internal int Importers { get; set; }

    /// <summary>Is told of what is assigned while the host may do it; null unless a call is being recorded.</summary>
    internal HostWatch? Watch { get; set; }

    /// <exception cref="Trap">The index is outside the table.</exception>
    /// <exception cref="ArgumentException">The value is none that the table holds.</exception>
    /// <exception cref="InvalidOperationException">A table of functions is given one of another store.</exception>
    public object? this[ulong index]
    {
        get => Elements[Inside(index)];
        set
        {
            Elements[Inside(index)] = Check(value);
            Watch?.Assigned(this, index);
        }
    }

    /// <summary>
    /// Adds elements that hold <paramref name="value"/>. False, and nothing has changed, when the maximum or the store's limit do not allow it.
    /// </summary>
    public bool TryGrow(ulong elements, object? value = null)
    {
        var before = (ulong)Elements.Length;
        var most = Math.Min(Limits.Maximum ?? ulong.MaxValue, MostElements);
        if (elements > most - before || !_store.TryTakeElements(elements))
            return false;
        var grown = new object?[before + elements];
        Elements.CopyTo(grown, 0);
        grown.AsSpan((int)before).Fill(Check(value));
        Elements = grown;
        return true;
    }

    /// <summary>Gives it other contents, and more of them where there are more; false when the maximum or the store's limit do not allow that.</summary>
    internal bool TryReplace(object?[] elements)
    {
        var added = elements.Length - Elements.Length;
        if (added < 0 || (ulong)elements.Length > Limits.Maximum || !_store.TryTakeElements((ulong)added))
            return false;
        foreach (var element in elements)
            Check(element);
        Elements = elements;
        return true;
    }

    ulong Inside(ulong index) => index < (ulong)Elements.Length ? index : throw new Trap(TrapKind.TableOutOfBounds);

    /// <summary>
    /// What is in a table can be called, so no function of another store gets in. The callee could not see it: one that calls nothing does not ask
    /// whether its store is open, or still there.
    /// </summary>
    internal object? Check(object? value) => value switch
    {
        _ when !Element.Accepts(value) =>
            throw new ArgumentException($"a table of {Element} does not hold {value?.GetType().Name ?? "null"}", nameof(value)),
        Function { Store: { } owner } when owner != _store && Element.Kind.Family == ValueKind.FuncRef => throw new InvalidOperationException(
            "a function of another store was put into a table: stores share nothing, link through host functions instead"),
        _ => value,
    };
}

using Allotrope.Components.Wit;

namespace Allotrope.Wit.Generator;

/// <summary>A function's signature in C#.</summary>
sealed class Function
{
    /// <summary>Parameters that <c>Func</c> and <c>Action</c> have at most.</summary>
    const int MostOfFunc = 16;

    /// <param name="function">The function.</param>
    /// <param name="name">Its name in C#.</param>
    /// <param name="types">What types are called.</param>
    /// <param name="self">What a method's resource is called when it is a parameter; null when it is not.</param>
    internal Function(WitFunction function, string name, CSharpTypes types, string? self = null)
    {
        Wit = function;
        Name = name;
        var names = new CSharpName.Names([]);
        if (self is not null && function.Kind == WitFunctionKind.Method)
            Parameters.Add((self, names.Take("self")));
        foreach (var parameter in function.Parameters)
            Parameters.Add((types.Of(parameter.Type, parameter.Position), names.Take(CSharpName.Camel(parameter.Name))));
        Result = function.Result is { } result ? types.Of(result, function.Head.Position)
            : function.Kind == WitFunctionKind.Constructor ? types.Of(function.Resource!)
            : null;
    }

    internal WitFunction Wit { get; }

    internal string Name { get; }

    internal List<(string Type, string Name)> Parameters { get; } = [];

    /// <summary>Null for nothing.</summary>
    string? Result { get; }

    internal string ReturnType(bool waits) => (waits, Result) switch
    {
        (false, null) => "void",
        (false, _) => Result!,
        (true, null) => "global::System.Threading.Tasks.ValueTask",
        _ => $"global::System.Threading.Tasks.ValueTask<{Result}>",
    };

    internal string Declaration => string.Join(", ", Parameters.Select(each => $"{each.Type} {each.Name}"));

    internal string Arguments => string.Join(", ", Parameters.Select(each => each.Name));

    /// <summary>The delegate that it is; null when there is none so long.</summary>
    internal string? Delegate(bool waits)
    {
        if (Parameters.Count > MostOfFunc)
            return null;
        var types = Parameters.Select(each => each.Type).ToList();
        if (waits || Result is not null)
            return $"global::System.Func<{string.Join(", ", types.Append(ReturnType(waits)))}>";
        return types.Count == 0 ? "global::System.Action" : $"global::System.Action<{string.Join(", ", types)}>";
    }

    /// <summary>What it is called where its resource is not around it: a constructor <c>NewCounter</c>, others with their resource's name first.</summary>
    internal static string FlatName(WitFunction function, bool withMethods) => function.Kind switch
    {
        WitFunctionKind.Constructor => "New" + CSharpName.Pascal(function.Resource!.Name),
        WitFunctionKind.Static => CSharpName.Pascal(function.Resource!.Name) + CSharpName.Pascal(function.Name),
        WitFunctionKind.Method when withMethods => CSharpName.Pascal(function.Resource!.Name) + CSharpName.Pascal(function.Name),
        _ => CSharpName.Pascal(function.Name),
    };
}

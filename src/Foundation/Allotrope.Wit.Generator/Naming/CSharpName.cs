using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace Allotrope.Wit.Generator;

/// <summary>Names of WIT in the letters of C#.</summary>
static class CSharpName
{
    /// <summary>What every object has.</summary>
    static readonly HashSet<string> OfObjects = ["Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString"];

    static readonly HashSet<string> OfRecords = [.. OfObjects, "Clone", "Deconstruct", "EqualityContract", "PrintMembers"];

    /// <summary><c>last-operation-failed</c> as <c>LastOperationFailed</c>.</summary>
    internal static string Pascal(string name)
    {
        var text = new StringBuilder();
        foreach (var word in name.Split('-'))
            text.Append(char.ToUpperInvariant(word[0])).Append(word.Substring(1).ToLowerInvariant());
        return text.ToString();
    }

    /// <summary><c>fail-with</c> as <c>failWith</c>, a keyword as <c>@out</c>.</summary>
    internal static string Camel(string name)
    {
        var text = Pascal(name);
        text = char.ToLowerInvariant(text[0]) + text.Substring(1);
        return SyntaxFacts.GetKeywordKind(text) != SyntaxKind.None ? "@" + text : text;
    }

    /// <summary>Members of a record.</summary>
    internal static Names InRecord(string type, params string[] others) => new(OfRecords.Append(type).Concat(others));

    /// <summary>Members of an interface or class.</summary>
    internal static Names InClass(string type, params string[] others) => new(OfObjects.Append(type).Concat(others));

    /// <summary>Names of one place, in which each is given once.</summary>
    internal sealed class Names(IEnumerable<string> taken)
    {
        readonly HashSet<string> _taken = [.. taken];

        internal bool Has(string name) => _taken.Contains(name);

        /// <summary>The name, or with underscores behind it when it is taken.</summary>
        internal string Take(string name)
        {
            while (!_taken.Add(name))
                name += "_";
            return name;
        }
    }
}

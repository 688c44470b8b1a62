using System.Linq.Expressions;

namespace Allotrope.Components;

/// <summary>The resources of one function, each of which has its place in an array that is of an instance.</summary>
/// <param name="array">The array.</param>
sealed class HandleSlots(Expression array)
{
    readonly List<ResourceType> _types = [];

    /// <summary>The resources by their places.</summary>
    internal IReadOnlyList<ResourceType> Types => _types;

    internal Expression Of(ResourceType type)
    {
        var place = _types.FindIndex(each => each.Identity == type.Identity);
        if (place < 0)
        {
            place = _types.Count;
            _types.Add(type);
        }

        return Expression.ArrayIndex(array, Expression.Constant(place));
    }
}

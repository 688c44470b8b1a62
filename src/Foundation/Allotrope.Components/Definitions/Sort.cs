namespace Allotrope.Components;

/// <summary>The index spaces of a component.</summary>
enum Sort
{
    CoreFunction,
    CoreTable,
    CoreMemory,
    CoreGlobal,
    CoreTag,
    CoreType,
    CoreModule,
    CoreInstance,
    Function,
    Value,
    Type,
    Component,
    Instance,
}

/// <summary>A place in one of a component's index spaces.</summary>
readonly record struct SortIndex(Sort Sort, int Index);

/// <summary>Something under a name.</summary>
readonly record struct NamedIndex(string Name, SortIndex What);

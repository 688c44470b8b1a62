namespace Allotrope.Wasm;

/// <summary>What an analysis takes for granted of everything outside the module.</summary>
public enum HostConduct
{
    /// <summary>
    /// Nothing: imports may call any export and any function whose reference they can get hold of, and put functions of their own into tables and
    /// variables that they see.
    /// </summary>
    Free,

    /// <summary>
    /// Imports compute, read and write memories, and return: while one runs it calls no function of the module, and nobody changes the module's tables
    /// and references. So it is for the actors of a node.
    /// </summary>
    Plain,
}

namespace System.Runtime.CompilerServices;

/// <summary>
/// The runtime lets an assembly that carries this use the named assembly's internal members; it knows the attribute by its name alone.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}

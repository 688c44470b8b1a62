namespace Allotrope.Wasi;

/// <summary>Standard input, output and error, in any combination.</summary>
[Flags]
public enum StandardStreams
{
    None = 0,
    Input = 1,
    Output = 2,
    Error = 4,
}

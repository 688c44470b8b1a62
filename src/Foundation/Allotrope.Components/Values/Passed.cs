namespace Allotrope.Components;

/// <summary>
/// A string, or a list of numbers, truth values or characters, on its way from one component to another: where it lies in the memory of the one that gives it,
/// which was looked at already. No object of the host is made for it.
/// </summary>
/// <param name="Address">Where it begins.</param>
/// <param name="Units">How many units or items it has.</param>
/// <param name="Form">Of a string, what its units are.</param>
readonly record struct Passed(ulong Address, int Units, TextForm Form);

/// <summary>What the units of a string are: of the two that a guest of <see cref="StringEncoding.Latin1OrUtf16"/> writes, the one that it took.</summary>
enum TextForm : byte
{
    Utf8,
    Utf16,
    Latin1,
}

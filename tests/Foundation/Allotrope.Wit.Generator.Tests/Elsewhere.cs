// What the generator takes to be somewhere: packages below deps are another project's.
namespace Allotrope.Wit.Tests.Test.Elsewhere;

public readonly record struct Thing(string Name);

public enum Colour
{
    Red,
    Green,
}

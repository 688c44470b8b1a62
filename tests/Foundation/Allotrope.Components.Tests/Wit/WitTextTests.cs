using Allotrope.Components.Wit;

namespace Allotrope.Components.Tests.Wit;

public class WitTextTests
{
    [Fact]
    public void What_is_written_can_be_written_again()
    {
        var first = WitPrinter.Print(Resolve(Everything).Packages[0]);
        Assert.Equal(first, WitPrinter.Print(Resolve(first).Packages[0]));
    }

    [Fact]
    public void A_printed_package_looks_like_one_written_by_hand() =>
        Assert.Equal(
            """
            package a:b@1.0.0;

            /// Names.
            interface names {
              type size = u64;

              /// Someone.
              record person {
                /// Full.
                name: string,
                %type: list<u8>,
              }

              /// Greets.
              @since(version = 0.1.0)
              greet: func(who: person) -> result<string>;
            }

            world host {
              use names.{person as someone};
              import names;
              export log: async func(text: string);
            }

            """,
            WitPrinter.Print(Resolve(
                """
                package a:b@1.0.0;
                world host{import names; export log:async func(text:string); use names.{person as someone};}
                /** Names. */ interface names {
                    // Nobody keeps this.
                    type size=u64; /// Someone.
                    record person{/// Full.
                    name:string,%type:list<u8>}
                    /// Greets.
                    @since(version=0.1.0) greet:func(who:person)->result<string>;
                }
                """).Packages[0]),
            ignoreLineEndingDifferences: true);

    [Theory]
    [InlineData("interface x { f: func() }", 1, 38, "expected `;` behind function `f`, found `}`")]
    [InlineData("interface x {\n  record r { a u8 }\n}", 2, 16, "expected `:` and a type behind `a`, found `u8`")]
    [InlineData("interface x { f: func(a: u8 b: u8); }", 1, 42, "expected `,` or `)` in the parameters of `f`, found `b`")]
    [InlineData("interface record {}", 1, 24, "expected the interface's name, found the keyword `record`: as a name it is written `%record`")]
    [InlineData("interface x { f: func(a: float32); }", 1, 39, "`float32` is an old name: write `f32`")]
    [InlineData("interface x { f: func() -> (a: u8); }", 1, 41, "`f` can give one value without a name")]
    [InlineData("interface a--b {}", 1, 24, "`a--b` is no name")]
    [InlineData("interface aB {}", 1, 24, "`aB` is no name")]
    [InlineData("interface x { \u202E }", 1, 28, "the character U+202E has no meaning in WIT")]
    [InlineData("interface x { // \u202E\n }", 1, 31, "the character U+202E is not allowed in WIT")]
    [InlineData("interface x { /* /* */ }", 1, 28, "the comment has no end")]
    [InlineData("interface x { enum e {} }", 1, 33, "enum `e` is empty")]
    [InlineData("interface x { flags e { a(u8) } }", 1, 39, "a case of flags `e` has no value")]
    [InlineData("interface x { @someday f: func(); }", 1, 37, "expected `(` behind `@someday`")]
    [InlineData("interface x { @since(version = 1.0) f: func(); }", 1, 45, "`1.0` is no version")]
    [InlineData("world w { import a:b; }", 1, 34, "expected `/` and the name of an interface behind package `a:b`")]
    [InlineData("interface x { type m = map<f32, u8>; }", 1, 41, "the key of a map is")]
    [InlineData("interface x { type m = list<u8, 0>; }", 1, 46, "expected how many elements the list always has")]
    [InlineData("interface x { f: func(a: u8, A: u8); }", 1, 43, "`A` is twice among the parameters of `f`")]
    [InlineData("interface x { type t = u8; T: func(); }", 1, 33, "`t` is already there as `T`")]
    [InlineData("}", 1, 14, "expected `interface`, `world`, `use` or `package`, found `}`")]
    public void A_mistake_is_told_in_one_sentence_with_its_place(string text, int line, int column, string sentence)
    {
        text = "package a:b; " + text;
        var e = Assert.Throws<WitException>(() => Resolve(text));
        Assert.Contains(sentence, e.Problem, StringComparison.Ordinal);
        Assert.Equal((line, column), (e.Position.Line, e.Position.Column));
        Assert.StartsWith($"x.wit:{line}:{column}: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_within_types_have_an_end()
    {
        var e = Assert.Throws<WitException>(() => Resolve($"package a:b; interface x {{ type t = {string.Concat(Enumerable.Repeat("list<", 100_000))} }}"));
        Assert.Contains("more than 100 deep", e.Problem, StringComparison.Ordinal);
        var named = string.Concat(Enumerable.Range(1, 50_000).Select(i => $"type t{i} = list<t{i - 1}>; "));
        Assert.Contains("more than 100 deep", Assert.Throws<WitException>(() => Resolve($"package a:b; interface x {{ type t0 = u8; {named} }}")).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Worlds_that_include_ever_more_are_refused_and_not_written_out()
    {
        var worlds = string.Concat(Enumerable.Range(1, 4_000).Select(i => $"world w{i} {{ include w{i - 1}; import more-{i}: func(); }} "));
        Assert.Contains("include less", Assert.Throws<WitException>(() => Resolve($"package a:b; world w0 {{}} {worlds}")).Problem, StringComparison.Ordinal);
    }

    internal static WitResolution Resolve(string text, WitFeatures? features = null) => WitResolution.Of([WitSource.At("x.wit", text)], features ?? WitFeatures.All);

    internal const string Everything =
        """
        /// A package.
        package ns:everything@0.2.1-rc.1+build;
        use other:things/place@1.0.0 as elsewhere;
        /// Types.
        interface types {
          use elsewhere.{spot, far as near};
          type b = bool; type n = tuple<s8, u8, s16, u16, s32, u32, s64, u64, f32, f64, char, string>;
          type o = option<list<list<u8>>>; type l = list<u8, 16>; type r = result; type r1 = result<u8>; type r2 = result<_, u8>; type r3 = result<u8, b>;
          type s = stream<u8>; type s0 = stream; type fu = future<list<u8>>; type fu0 = future; type m = map<string, m2>; type m2 = map<u8, error-context>;
          record rec { %record: b, last: n, }
          variant v { a, b(rec), c(option<u8>) }
          enum e { x, y-z, XML }
          flags f { one, two }
          @external-id("DB.\"Bar\"")
          resource empty;
          @since(version = 0.2.0)
          resource full {
            constructor(a: borrow<empty>, b: own<full>);
            read: func(n: u64) -> result<list<u8>, e>;
            make: static func() -> full;
            later: async func();
            @unstable(feature = more) more: static async func();
          }
          call: func(a: full, b: borrow<full>) -> own<empty>;
          wait: async func();
        }
        world base { import plain: func(); export types; }
        world all {
          include base with { plain as rough }
          use types.{rec};
          type mine = list<rec>;
          import types;
          import own-name: types;
          import inline: interface { use types.{e}; f: func() -> e; }
          @deprecated(version = 0.2.0) import log: func(r: mine);
          export other:things/place@1.0.0;
          export run: async func() -> result;
        }
        package other:things@1.0.0 { interface place { record spot { x: u32 } type far = spot; } }
        """;
}

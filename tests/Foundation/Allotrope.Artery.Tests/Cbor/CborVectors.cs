using System.Text.Json.Nodes;

namespace Allotrope.Artery.Tests;

/// <summary>What CBOR is of the restricted form, and what is not.</summary>
static class CborVectors
{
    public static readonly (string Json, string Hex)[] Good =
    [
        ("null", "f6"), ("true", "f5"), ("false", "f4"), ("0", "00"), ("23", "17"), ("24", "1818"), ("255", "18ff"), ("256", "190100"),
        ("65536", "1a00010000"), ("4294967296", "1b0000000100000000"), ("-1", "20"), ("-25", "3818"), ("9007199254740991", "1b001fffffffffffff"),
        ("-9007199254740991", "3b001ffffffffffffe"), ("1.5", "fb3ff8000000000000"), ("-0.1", "fbbfb999999999999a"), ("\"\"", "60"),
        ("\"ö\"", "62c3b6"),
        ("\"\\u0000\"", "6100"), ("[]", "80"), ("[1,[2,[]]]", "8201820280"), ("{}", "a0"), ("{\"a\":{\"b\":null}}", "a16161a16162f6"),
        ("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", "81818181818181818181818181818180"),
    ];

    public static readonly (string Hex, string Why)[] Bad =
    [
        ("", "nothing"), ("18", "cut off"), ("1901", "cut off"), ("62c3", "cut off"), ("62c328", "not UTF-8"), ("81", "an item is missing"),
        ("9bffffffffffffffff", "announces more than there is"), ("bb7fffffffffffffff", "announces more than there is"),
        ("a10101", "a key is no text"),
        ("9fff", "indefinite length"), ("7f6161ff", "indefinite length"), ("c000", "a tag"), ("f7", "undefined"), ("f93e00", "a 16-bit float"),
        ("fa3fc00000", "a 32-bit float"), ("f820", "a simple value"), ("1bffffffffffffffff", "beyond 64 bits"),
        ("3bffffffffffffffff", "beyond 64 bits"),
        ("8181818181818181818181818181818180", "17 deep"), ("1c", "reserved"), ("ff", "a break"),
    ];

    public static JsonObject Write()
    {
        var (good, bad) = (new JsonArray(), new JsonArray());
        foreach (var (json, hex) in Good)
            good.Add(new JsonObject { ["json"] = json, ["cbor"] = hex });
        foreach (var (hex, why) in Bad)
            bad.Add(new JsonObject { ["cbor"] = hex, ["why"] = why });
        return new JsonObject { ["good"] = good, ["bad"] = bad };
    }
}

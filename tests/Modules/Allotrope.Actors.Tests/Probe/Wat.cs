namespace Allotrope.Actors.Tests;

/// <summary>Modules of a few bytes, each with the text it was made from by wat2wasm.</summary>
static class Wat
{
    /// <summary><c>(module)</c></summary>
    public static readonly byte[] Empty = Convert.FromBase64String("AGFzbQEAAAA=");

    /// <summary>As <see cref="HundredPages"/> with one page, and <c>(import "env" "abort" (func (param i32)))</c>.</summary>
    public static readonly byte[] ImportingUnknown = Convert.FromBase64String(
        "AGFzbQEAAAABCwJgAX8AYAJ/fwF/Ag0BA2VudgVhYm9ydAAAAwIBAQUDAQABBxkCBm1lbW9yeQIADF9fZ3Vlc3RfY2FsbAABCgYBBABBAQs=");

    /// <summary>As <see cref="HundredPages"/> with one page, and <c>(func (export "_start") (loop (br 0)))</c>.</summary>
    public static readonly byte[] EndlessStart = Convert.FromBase64String(
        "AGFzbQEAAAABCgJgAABgAn9/AX8DAwIAAQUDAQABByIDBm1lbW9yeQIABl9zdGFydAAADF9fZ3Vlc3RfY2FsbAABCg4CBwADQAwACwsEAEEBCw==");

    /// <summary><c>(module (memory (export "memory") 100) (func (export "__guest_call") (param i32 i32) (result i32) (i32.const 1)))</c></summary>
    public static readonly byte[] HundredPages = Convert.FromBase64String(
        "AGFzbQEAAAABBwFgAn9/AX8DAgEABQMBAGQHGQIGbWVtb3J5AgAMX19ndWVzdF9jYWxsAAAKBgEEAEEBCw==");

    /// <summary>As <see cref="HundredPages"/> with one page, and a start section that calls <c>__console_log</c> with "starting".</summary>
    public static readonly byte[] LoggingStart = Convert.FromBase64String(
        "AGFzbQEAAAABDwNgAn9/AGAAAGACf38BfwIZAQd3YXNtYnVzDV9fY29uc29sZV9sb2cAAAMDAgECBQMBAAEHGQIGbWVtb3J5AgAMX19ndWVzdF9jYWxsAAII" +
        "AQEKDwIIAEEAQQgQAAsEAEEBCwsOAQBBAAsIc3RhcnRpbmc=");
}

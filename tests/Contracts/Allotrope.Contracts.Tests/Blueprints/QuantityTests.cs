namespace Allotrope.Contracts.Tests;

public class QuantityTests
{
    [Theory]
    [InlineData("1Mi", 1)]
    [InlineData("64Mi", 64)]
    [InlineData("2Gi", 2048)]
    [InlineData("64", null)]
    [InlineData("Mi", null)]
    [InlineData("-1Mi", null)]
    [InlineData("1.5Gi", null)]
    [InlineData("64 Mi", null)]
    [InlineData("64mi", null)]
    [InlineData("99999999999Mi", null)]
    [InlineData("2097152Gi", null)]
    public void Memory_is_whole_mebibytes_or_gibibytes(string text, int? mebibytes) => Assert.Equal(mebibytes, Quantity.Mebibytes(text));

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("2s", 2000)]
    [InlineData("10m", 600_000)]
    [InlineData("1h", null)]
    [InlineData("2", null)]
    [InlineData("", null)]
    [InlineData("٣s", null)]
    public void Time_is_whole_milliseconds_seconds_or_minutes(string text, int? milliseconds) =>
        Assert.Equal(milliseconds, Quantity.Duration(text)?.TotalMilliseconds);

    [Theory]
    [InlineData(1, "1ms")]
    [InlineData(1000, "1s")]
    [InlineData(1500, "1500ms")]
    [InlineData(600_000, "600s")]
    public void Time_is_written_so_that_it_reads_back(int milliseconds, string text)
    {
        Assert.Equal(text, Quantity.Text(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.Equal(milliseconds, Quantity.Duration(text)?.TotalMilliseconds);
    }
}

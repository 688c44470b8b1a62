namespace Allotrope.Kernel.Tests;

public class Crc16Tests
{
    [Fact]
    public void The_check_value_is_that_of_the_catalogue() => Assert.Equal(0x31c3, Crc16.Of("123456789"u8));

    [Fact]
    public void Nothing_sums_to_zero() => Assert.Equal(0, Crc16.Of([]));
}

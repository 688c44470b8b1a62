namespace Allotrope.Lattice.Tests;

/// <summary>What a page of keys costs, in comparisons: whatever looks at a key compares it.</summary>
public class KeyIndexTests
{
    [Theory]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public void A_page_costs_what_is_on_it_however_many_keys_there_are(int keys)
    {
        var order = new CountingOrder();
        var index = new KeyIndex(order);
        for (var i = 0; i < keys; i++)
            index.Add($"{i:000000}");
        order.Comparisons = 0;
        Assert.Equal(Enumerable.Range(keys / 2 + 1, 10).Select(i => $"{i:000000}"), index.After($"{keys / 2:000000}").Take(10));
        Assert.InRange(order.Comparisons, 1, 250); // a few ways down a tree of 17 levels, and ten steps
    }

    [Fact]
    public void The_first_page_is_read_without_looking_for_its_place()
    {
        var index = new KeyIndex();
        Assert.Empty(index.After(null));
        Assert.Empty(index.After("a"));
        index.Add("b");
        index.Add("a");
        Assert.Equal(["a", "b"], index.After(null));
        index.Remove("a");
        Assert.Equal(["b"], index.After("a"));
    }

    sealed class CountingOrder : IComparer<string>
    {
        public int Comparisons { get; set; }

        public int Compare(string? x, string? y)
        {
            Comparisons++;
            return string.CompareOrdinal(x, y);
        }
    }
}

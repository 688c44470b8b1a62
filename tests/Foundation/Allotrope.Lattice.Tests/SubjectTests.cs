namespace Allotrope.Lattice.Tests;

public sealed class SubjectTests
{
    [Fact]
    public void Matching_agrees_with_the_rule_written_down_plainly()
    {
        var random = new Random(3);
        for (var round = 0; round < 20_000; round++)
        {
            var pattern = Tokens(random, "a", "b", "*", ">");
            var end = pattern.IndexOf(">");
            if (end >= 0)
                pattern = pattern[..(end + 1)];
            var subject = Tokens(random, "a", "b", "ab");
            Assert.Equal(Plainly(pattern, subject), Subject.Matches(string.Join('.', pattern), string.Join('.', subject)));
        }
    }

    [Fact]
    public void The_tree_finds_whom_matching_finds()
    {
        var random = new Random(4);
        var tree = new PatternTree();
        List<Receiver> receivers = [];
        for (var round = 0; round < 3000; round++)
        {
            if (receivers.Count > 30 || random.Next(3) == 0 && receivers.Count > 0)
            {
                var leaving = receivers[random.Next(receivers.Count)];
                Assert.True(tree.Remove(leaving));
                receivers.Remove(leaving);
            }
            else
            {
                var pattern = Tokens(random, "a", "b", "*", ">");
                var end = pattern.IndexOf(">");
                var receiver = new Nobody(string.Join('.', end >= 0 ? pattern[..(end + 1)] : pattern));
                tree.Add(receiver);
                receivers.Add(receiver);
            }
            var subject = string.Join('.', Tokens(random, "a", "b", "ab"));
            Assert.Equal(receivers.Where(one => Subject.Matches(one.Pattern, subject)).ToHashSet(), tree.Match(subject).ToHashSet());
        }
        foreach (var receiver in receivers)
            tree.Remove(receiver);
        Assert.True(tree.IsEmpty);
    }

    static List<string> Tokens(Random random, params string[] words) => [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => words[random.Next(words.Length)])];

    static bool Plainly(List<string> pattern, List<string> subject) => (pattern, subject) switch
    {
        ([], []) => true,
        ([">"], [_, ..]) => true,
        ([var wanted, ..], [var token, ..]) => (wanted == "*" || wanted == token) && Plainly(pattern[1..], subject[1..]),
        _ => false,
    };

    sealed class Nobody(string pattern) : Receiver(pattern, null)
    {
        public override bool Deliver(in Message message) => true;

        public override ValueTask CloseAsync() => ValueTask.CompletedTask;
    }
}

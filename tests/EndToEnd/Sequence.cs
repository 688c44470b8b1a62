// Each test starts a node of its own that uses every core; two at once would only measure one another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

// Each test has a machine's worth of sockets and some measure time; two at once would only measure one another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

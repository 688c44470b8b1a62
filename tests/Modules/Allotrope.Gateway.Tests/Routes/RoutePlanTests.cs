using Allotrope.Contracts;
using Allotrope.Kernel;

namespace Allotrope.Gateway.Tests.Routes;

public class RoutePlanTests
{
    [Fact]
    public void Every_link_becomes_a_route()
    {
        var plan = Make([Provider("a-http", 1, Link("a-one", "/one"), Link("a-two", "/two"))]);

        Assert.Equal(["a-one", "a-two"], plan.Routes.Select(route => route.Workload));
        Assert.Empty(plan.Refusals);
    }

    [Fact]
    public void Two_links_to_one_place_are_a_conflict_that_names_both()
    {
        var plan = Make([Provider("a-http", 1, Link("a-one", "/")), Provider("b-http", 2, Link("b-two", "/"))]);

        Assert.Equal("a-one", Assert.Single(plan.Routes).Workload);
        var fault = Assert.IsType<Fault.Conflict>(Assert.Single(plan.Refusals["b-http"]));
        Assert.StartsWith("b-two and a-one are both linked to port 8080 on 127.0.0.1, path /", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_that_holds_its_place_keeps_it_against_an_older_revision()
    {
        var holder = Make([Provider("b-http", 7, Link("b-two", "/"))]).Routes;

        var plan = RoutePlan.Make(
            [Provider("a-http", 1, Link("a-one", "/")), Provider("b-http", 8, Link("b-two", "/"))], holder, new GatewayOptions());

        Assert.Equal("b-two", Assert.Single(plan.Routes).Workload);
        Assert.Single(plan.Refusals["a-http"]);
    }

    [Fact]
    public void A_place_that_is_free_again_goes_to_the_link_that_waited()
    {
        var holder = Make([Provider("b-http", 7, Link("b-two", "/"))]).Routes;

        var plan = RoutePlan.Make([Provider("a-http", 1, Link("a-one", "/"))], holder, new GatewayOptions());

        Assert.Equal("a-one", Assert.Single(plan.Routes).Workload);
        Assert.Empty(plan.Refusals);
    }

    [Fact]
    public void A_link_whose_new_values_are_refused_keeps_the_place_it_has()
    {
        var holder = Make([Provider("a-http", 1, Link("a-one", "/shop"))]).Routes;

        var plan = RoutePlan.Make([Provider("a-http", 2, Link("a-one", "nowhere"))], holder, new GatewayOptions());

        Assert.Equal("/shop", Assert.Single(plan.Routes).Path);
        Assert.IsType<Fault.Invalid>(Assert.Single(plan.Refusals["a-http"]));
    }

    [Fact]
    public void A_link_that_moves_to_a_taken_place_keeps_the_one_it_has()
    {
        var holders = Make([Provider("a-http", 1, Link("a-one", "/")), Provider("b-http", 2, Link("b-two", "/two"))]).Routes;

        var plan = RoutePlan.Make(
            [Provider("a-http", 1, Link("a-one", "/")), Provider("b-http", 3, Link("b-two", "/"))], holders, new GatewayOptions());

        Assert.Equal([("a-one", "/"), ("b-two", "/two")], plan.Routes.Select(route => (route.Workload, route.Path)));
        Assert.IsType<Fault.Conflict>(Assert.Single(plan.Refusals["b-http"]));
    }

    [Fact]
    public void A_place_that_is_kept_for_want_of_a_better_one_is_nobody_elses()
    {
        var holder = Make([Provider("a-http", 1, Link("a-one", "/shop"))]).Routes;

        var plan = RoutePlan.Make(
            [Provider("a-http", 2, Link("a-one", "nowhere")), Provider("b-http", 3, Link("b-two", "/shop"))], holder, new GatewayOptions());

        Assert.Equal("a-one", Assert.Single(plan.Routes).Workload);
        Assert.Single(plan.Refusals["b-http"]);
    }

    [Fact]
    public void One_refused_link_leaves_the_others_of_its_provider()
    {
        var plan = Make([Provider("a-http", 1, Link("a-bad", "nowhere"), Link("a-good", "/"))]);

        Assert.Equal("a-good", Assert.Single(plan.Routes).Workload);
        Assert.IsType<Fault.Invalid>(Assert.Single(plan.Refusals["a-http"]));
    }

    static RoutePlan Make(IEnumerable<Assignment> providers) => RoutePlan.Make(providers, [], new GatewayOptions());

    static Assignment Provider(string workload, long revision, params IncomingLink[] links) => Assignments.Http("node", workload, revision, links);

    static IncomingLink Link(string workload, string path) => new(workload, "default", new Dictionary<string, string> { ["path"] = path });
}

using Allotrope.Contracts;
using Allotrope.Kernel;
using Allotrope.Lattice;

namespace Allotrope.Planner.Tests;

public class RestartTests
{
    static readonly string Robot = App.Of("lab",
        """
        - {name: robot, type: zone, properties: {services: [{name: sensor, host: sensor.local}]}}
        """ + "\n" + App.Actor("reflex", 1, "    - {type: linkdef, properties: {target: robot, values: {service: brain}}}") + "\n" + App.Actor("other"));

    [Fact]
    public async Task A_service_of_a_zone_that_is_an_actor_is_started_again_by_another_assignment_and_nothing_else_is()
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(Robot);
        await AskAsync(world, "robot", "brain");
        await AskAsync(world, "robot", "brain");
        var assigned = await world.AssignedAsync();
        Assert.Equal((2, 0, 0), (assigned["lab-reflex"].Restarts, assigned["lab-other"].Restarts, assigned["lab-robot"].Restarts));
        await world.ApplyAsync(App.Counter());
        Assert.Equal(2, (await world.AssignedAsync())["lab-reflex"].Restarts); // what is applied later starts nothing again
    }

    [Theory]
    [InlineData("robot", "sensor")]
    [InlineData("house", "brain")]
    public async Task What_does_not_run_here_is_for_others_to_start(string zone, string service)
    {
        await using var world = await PlannerWorld.StartAsync();
        await world.ApplyAsync(Robot);
        await world.AssignedAsync();
        var refused = await Assert.ThrowsAsync<FaultException>(() => AskAsync(world, zone, service));
        Assert.IsType<Fault.NotFound>(refused.Fault);
        Assert.Contains($"{service} of zone {zone} is none of the actors that run here", refused.Message);
    }

    static async Task AskAsync(PlannerWorld world, string zone, string service)
    {
        await world.AssignedAsync(); // the planner has read what was applied
        await world.Lattice.RequestAsync(new Message(
            Subjects.ServiceRestart(zone), Payload.Of(new NameRequest(service), ContractsJson.Default.NameRequest)));
    }
}

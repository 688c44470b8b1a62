using Allotrope.Components;
using Allotrope.Wasi.Http;

namespace Allotrope.Actors;

/// <summary>What a component may import. No link can grant it more than what reaches nothing yet.</summary>
static class ComponentGrants
{
    /// <summary>The same for every component as long as no link can grant more.</summary>
    public static readonly ComponentLinker<ComponentState> Basic = Link();

    static ComponentLinker<ComponentState> Link()
    {
        var linker = new ComponentLinker<ComponentState>();
        ComponentStreams.AddTo(linker);
        ComponentBasics.AddTo(linker);
        TypesInterface.AddTo(linker, state => state.Http);
        return linker;
    }
}

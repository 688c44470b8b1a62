using Allotrope.Components;
using Allotrope.Wasi;
using Allotrope.Wasi.Http;

namespace Allotrope.Actors;

/// <summary>
/// What a component may import. No link can grant it more than what reaches nothing yet. Files and sockets are there although it gets none of either, because
/// the standard libraries of most languages import them whether a program uses them or not.
/// </summary>
static class ComponentGrants
{
    /// <summary>The same for every component as long as no link can grant more.</summary>
    public static readonly ComponentLinker<ComponentState> Basic = Link();

    static ComponentLinker<ComponentState> Link()
    {
        var linker = new ComponentLinker<ComponentState>();
        ComponentStreams.AddTo(linker);
        ComponentBasics.AddTo(linker);
        WasiLinker.AddFilesystem(linker, state => state.Wasi);
        WasiLinker.AddSockets(linker, state => state.Wasi);
        TypesInterface.AddTo(linker, state => state.Http);
        OutgoingHandlerInterface.AddTo(linker, state => state.Requests);
        return linker;
    }
}

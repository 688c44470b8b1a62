using System.Reflection;
using System.Reflection.Emit;

namespace Allotrope.Wasm;

/// <content>
/// Functions that may leave the thread in a call. Behind each such call they look whether the callee has left; then they leave their values with the
/// <see cref="Suspension"/> and return too, with a result that nobody looks at. To go on, a second method is made of the same function when it is needed
/// first: it begins behind the call, with the values, and its result goes to the suspension. So code that is not suspended pays for one compare a call.
/// </content>
sealed partial class FunctionCompiler
{
    static readonly FieldInfo GuardUnwinding = typeof(Guard).GetField(nameof(Wasm.Guard.Unwinding), BindingFlags.Instance | BindingFlags.NonPublic)!;
    static readonly MethodInfo Park = Members.Method(typeof(Suspension), nameof(Suspension.Park));
    static readonly MethodInfo SiteOf = Members.Method(typeof(Suspension), nameof(Suspension.Site));
    static readonly MethodInfo Rethrow = Members.Method(typeof(Suspension), nameof(Suspension.Rethrow));

    readonly bool _isResumption;
    readonly SitePlan? _sitePlan;
    readonly List<SuspensionSite> _sites = [];

    /// <summary>The call where the function leaves, or goes on; less than zero from then on.</summary>
    LocalBuilder SiteNumber => field ??= _il.DeclareLocal(typeof(int));

    /// <summary>Where all leave.</summary>
    Label Leaving => _leaving ??= _il.DefineLabel();

    Label? _leaving;

    /// <summary>Whether the instruction that is being compiled is a call in which the function may be suspended.</summary>
    bool IsSite => _sitePlan?.Contains(_instruction) ?? false;

    /// <summary>Where the instruction begins in the module.</summary>
    int _instruction;

    /// <summary>Before the arguments of a call are loaded: behind it nothing else may be on the IL stack.</summary>
    void ClearForSite(int arguments)
    {
        if (IsSite && _operands.Count > arguments)
            _operands.Spill();
    }

    /// <summary>Behind a call, whose results are on the IL stack.</summary>
    void EmitSite(FunctionType type, LocalBuilder? tuple, int slot)
    {
        var kept = _sitePlan!.KeptAt(_instruction).Select(local => new Operand(_frame.Kinds[local], Place.Local, local)).ToList();
        kept.AddRange(_operands.Copies().Where(operand => operand.Place is Place.Local or Place.Temporary));
        var site = new SuspensionSite(
            _sites.Count, Region, [.. kept.DistinctBy(operand => (operand.Place, operand.Slot)).Where(operand => !IsCommon(operand))], type, (slot, tuple),
            _il.DefineLabel(), _il.DefineLabel(), _il.DefineLabel());
        _sites.Add(site);
        Region.Sites.Add(site);
        _il.Emit(OpCodes.Ldloc, Guard);
        _il.Emit(OpCodes.Ldfld, GuardUnwinding);
        _il.Emit(OpCodes.Brtrue, site.Leave);
        if (_isResumption)
            _il.MarkLabel(site.Behind);
    }

    bool IsCommon(in Operand operand) => operand.Place == Place.Local && Array.BinarySearch(_sitePlan!.Common, operand.Slot) >= 0;

    /// <summary>The beginning of a method that goes on.</summary>
    void EmitResumption()
    {
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Call, SiteOf);
        _il.Emit(OpCodes.Stloc, SiteNumber);
        if (CountsStack)
        {
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Call, Suspension.Loader(ValueKind.I64));
            _il.Emit(OpCodes.Stloc, StackLeft);
            RestoreStack();
        }

        LoadKept(_sitePlan!.Common.Select(local => new Operand(_frame.Kinds[local], Place.Local, local)));
        _il.Emit(OpCodes.Br, DispatchOf(Region));
    }

    /// <summary>Where a protected region begins, in a method that goes on within it.</summary>
    void EmitRegionEntry()
    {
        if (!_isResumption)
            return;
        _il.Emit(OpCodes.Ldloc, SiteNumber);
        _il.LoadInt32(0);
        _il.Emit(OpCodes.Bge, DispatchOf(Region));
    }

    Label DispatchOf(TryRegion region) => region.Dispatch ??= _il.DefineLabel();

    /// <summary>Where a protected region ends: its places out of the way.</summary>
    void EmitSites(TryRegion region)
    {
        foreach (var site in region.Sites)
        {
            _il.MarkLabel(site.Leave);
            _il.LoadInt32(site.Number);
            _il.Emit(OpCodes.Stloc, SiteNumber);
            _il.Emit(_regions.Count == 1 ? OpCodes.Br : OpCodes.Leave, Leaving);
        }

        if (!_isResumption)
            return;
        foreach (var site in region.Sites)
            EmitGoingOn(site);
        EmitDispatch(region);
    }

    /// <summary>Goes to where the function goes on, or to the region that this is in.</summary>
    void EmitDispatch(TryRegion region)
    {
        _il.MarkLabel(DispatchOf(region));
        var labels = _sites.Skip(region.FirstSite).Select(site => region.Sites.Contains(site) ? site.GoOn : ChildWith(region, site).Before!.Value).ToArray();
        if (labels.Length > 0)
        {
            _il.Emit(OpCodes.Ldloc, SiteNumber);
            _il.LoadInt32(region.FirstSite);
            _il.Emit(OpCodes.Sub);
            _il.Emit(OpCodes.Switch, labels);
        }

        EmitTrap(TrapKind.Unreachable, byteOffset: 0); // there is no other
    }

    /// <summary>The region just within one that a site is in.</summary>
    static TryRegion ChildWith(TryRegion region, SuspensionSite site)
    {
        var child = site.Region;
        while (child.Outer != region)
            child = child.Outer!;
        return child;
    }

    void EmitGoingOn(SuspensionSite site)
    {
        _il.MarkLabel(site.GoOn);
        _il.LoadInt32(-1);
        _il.Emit(OpCodes.Stloc, SiteNumber);
        LoadKept(site.Kept);
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Call, Rethrow);
        if (site.Type.Results.Length > 0)
        {
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Call, Members.Generic(typeof(Suspension), nameof(Suspension.Take), site.Type.ClrResult));
            if (site.Result.Tuple is { } tuple)
                _il.Emit(OpCodes.Stloc, tuple);
            else
                _frame.StoreTemporary(site.Result.Slot);
        }

        _il.Emit(OpCodes.Br, site.Behind);
    }

    void LoadKept(IEnumerable<Operand> kept)
    {
        foreach (var operand in kept)
        {
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Call, Suspension.Loader(operand.Kind.Representation));
            _frame.Store(operand);
        }
    }

    /// <summary>Leaves the thread: common to all calls, outside of all protected regions.</summary>
    void EmitLeaving()
    {
        if (_leaving is null)
            return;
        var suspension = _frame.Scratch(typeof(Suspension));
        _il.MarkLabel(Leaving);
        _frame.LoadInstance();
        _il.LoadInt32(_position + _image.ImportedFunctions);
        _il.Emit(OpCodes.Ldloc, SiteNumber);
        _il.Emit(OpCodes.Call, Park);
        _il.Emit(OpCodes.Stloc, suspension);
        if (CountsStack)
        {
            _il.Emit(OpCodes.Ldloc, suspension);
            _il.Emit(OpCodes.Ldloc, StackLeft);
            _il.Emit(OpCodes.Call, Suspension.Saver(ValueKind.I64));
        }

        Keep(_sitePlan!.Common.Select(local => new Operand(_frame.Kinds[local], Place.Local, local)), suspension);
        var left = _il.DefineLabel();
        if (_sites.Exists(site => site.Kept.Length > 0))
            EmitKeeping(suspension, left);
        _il.MarkLabel(left);
        EmitNoResult();
    }

    void EmitKeeping(LocalBuilder suspension, Label left)
    {
        var labels = _sites.ConvertAll(site => site.Kept.Length == 0 ? left : _il.DefineLabel());
        _il.Emit(OpCodes.Ldloc, SiteNumber);
        _il.Emit(OpCodes.Switch, [.. labels]);
        _il.Emit(OpCodes.Br, left);
        foreach (var site in _sites.Where(site => site.Kept.Length > 0))
        {
            _il.MarkLabel(labels[site.Number]);
            Keep(site.Kept, suspension);
            _il.Emit(OpCodes.Br, left);
        }
    }

    void Keep(IEnumerable<Operand> kept, LocalBuilder suspension)
    {
        foreach (var operand in kept)
        {
            _il.Emit(OpCodes.Ldloc, suspension);
            _frame.Load(operand);
            _il.Emit(OpCodes.Call, Suspension.Saver(operand.Kind.Representation));
        }
    }

    /// <summary>Returns something: the caller looks whether it was left first.</summary>
    void EmitNoResult()
    {
        if (!_isResumption && _type.Results.Length > 0)
        {
            var nothing = _il.DeclareLocal(_type.ClrResult);
            _il.Emit(OpCodes.Ldloca, nothing);
            _il.Emit(OpCodes.Initobj, _type.ClrResult);
            _il.Emit(OpCodes.Ldloc, nothing);
        }

        _il.Emit(OpCodes.Ret);
    }

    /// <summary>The end of the function; its results are on the IL stack as one.</summary>
    void EmitRet()
    {
        if (_isResumption && _type.Results.Length > 0)
        {
            _il.Emit(OpCodes.Ldarg_0);
            _il.Emit(OpCodes.Call, Members.Generic(typeof(Suspension), nameof(Suspension.Give), _type.ClrResult));
        }

        _il.Emit(OpCodes.Ret);
    }

    /// <summary>A call that takes its caller's place, but for one that has another signature than its method.</summary>
    void PrefixTail()
    {
        if (!_isResumption)
            _il.Emit(OpCodes.Tailcall);
    }
}

using Allotrope.Wasm.Tests.Assembly;

namespace Allotrope.Wasm.Tests.Analysis;

/// <summary>
/// Modules made by chance, of what makes an analysis err: calls of every kind, tables that code writes to, and loops that are nearly counted ones.
/// </summary>
sealed class RandomGuest(Random random)
{
    public const int Imports = 4;

    const int Functions = 8, Locals = 4;

    static readonly string[] Signatures = ["->", "i32->i32", "i64->"];

    readonly string[] _types = [.. Enumerable.Range(0, Imports + Functions).Select(_ => Signatures[random.Next(Signatures.Length)])];
    readonly bool _writesTable = random.Next(3) == 0;

    public byte[] Build()
    {
        var module = new ModuleText();
        for (var i = 0; i < Imports; i++)
            module.Import("env", $"i{i}", _types[i]);
        module.Memory(1, 20).Table(8, export: random.Next(4) == 0 ? "table" : null).Global(ValueKind.I32, "i32.const 0", mutable: true);
        var referred = Enumerable.Range(0, 6).Select(_ => random.Next(Imports + Functions)).ToArray();
        module.Elements(0, referred);
        for (var i = 0; i < Functions; i++)
        {
            var type = _types[Imports + i];
            var code = string.Join(' ', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Statement(3, referred)));
            var locals = string.Join(',', Enumerable.Repeat("i32", Locals + 1));
            module.Function($"f{i}", type, type.EndsWith('2') ? $"{code} local.get 1" : code, locals);
        }

        return module.Build();
    }

    string Statement(int depth, int[] referred) => random.Next(depth > 0 ? 14 : 8) switch
    {
        0 => Direct(random.Next(Imports + Functions)),
        1 => Direct(random.Next(Imports)),
        2 => Indirect(Signatures[random.Next(Signatures.Length)]),
        3 when _writesTable => $"i32.const {random.Next(8)} ref.func {referred[random.Next(referred.Length)]} table.set 0",
        3 => Through(referred[random.Next(referred.Length)]),
        4 or 5 => $"{Value()} local.set {Local()}",
        6 => $"i32.const {random.Next(3)} memory.grow drop",
        7 => $"{Value()} i32.const {random.Next(3) - 1} i32.{(random.Next(2) == 0 ? "div_s" : "rem_u")} drop",
        8 => $"{Value()} if {Statement(depth - 1, referred)} {(random.Next(2) == 0 ? "" : $"else {Statement(depth - 1, referred)}")} end",
        9 => $"block {Statement(depth - 1, referred)} {Value()} br_if 0 {Statement(depth - 1, referred)} end",
        _ => Loop(depth - 1, referred),
    };

    /// <summary>Mostly a counted loop, with something wrong in it now and then.</summary>
    string Loop(int depth, int[] referred)
    {
        var counter = Local();
        var step = $"local.get {counter} i32.const {random.Next(-3, 6)} i32.add local.set {counter}";
        var relations = new[] { "eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u" };
        var test = $"local.get {counter} i32.const {random.Next(-5, 40)} i32.{relations[random.Next(relations.Length)]}";
        var body = random.Next(2) == 0 ? Statement(depth, referred) : "nop";
        var start = random.Next(4) == 0 ? "" : $"i32.const {random.Next(-5, 40)} local.set {counter}";
        return start + random.Next(5) switch
        {
            0 => $" block loop {test} br_if 1 {body} {step} br 0 end end",
            1 => $" loop {test} if {body} {step} br 1 end end",
            2 => $" loop {body} {step} {test} br_if 0 end",
            3 => $" loop {step} {body} {test} br_if 0 end",
            _ => $" loop {body} {Value()} if {step} end {test} i32.eqz br_if 0 end",
        };
    }

    string Value() => random.Next(4) switch
    {
        0 => $"i32.const {random.Next(-4, 50)}",
        1 => $"local.get {Local()} i32.const {random.Next(-3, 4)} i32.{(random.Next(2) == 0 ? "add" : "sub")}",
        2 => $"local.get {Local()} i32.const 7 i32.and",
        _ => $"local.get {Local()}",
    };

    int Local() => random.Next(1, 1 + Locals);

    string Direct(int callee) => Call($"call {callee}", _types[callee]);

    string Indirect(string type) => Call($"i32.const {random.Next(10)} call_indirect {type}", type);

    string Through(int callee) => Call($"ref.func {callee} call_ref {_types[callee]}", _types[callee]);

    static string Call(string code, string type) => type switch
    {
        "i32->i32" => $"i32.const 5 {code} drop",
        "i64->" => $"i64.const 5 {code}",
        _ => code,
    };
}

namespace Allotrope.Wasm;

/// <content>Exceptions.</content>
sealed partial class FunctionValidator
{
    /// <summary>
    /// Blocks of a function that catch, in all and within one another: the just-in-time compiler's work grows with the square of their number (2,500
    /// take it a second), and it refuses methods with very many.
    /// </summary>
    const int MostTries = 2_500;

    const int MostNestedTries = 200;

    /// <summary>Clauses of all those blocks: each is a test while an exception looks for who catches it.</summary>
    const int MostClauses = 20_000;

    static readonly WasmType Caught = WasmType.Reference(ValueKind.ExnRef, nullable: false);

    int _tries;
    int _openTries;
    int _clauses;

    void CheckThrow(in Instruction instruction)
    {
        var at = instruction.ByteOffset;
        if (instruction.Opcode == Opcode.ThrowRef)
            _operands.Pop(ValueKind.ExnRef, at);
        else
            _operands.Pop(Tag(instruction.Index, at).Parameters.AsSpan(), at);
        _facts.HasCall = true; // it takes stack to find who catches
        _operands.BecomeBottomless();
    }

    void OpenTry(in Instruction instruction)
    {
        var at = instruction.ByteOffset;
        if (++_tries > MostTries || ++_openTries > MostNestedTries)
            throw new InvalidModuleException($"a function has more than {MostTries} blocks that catch, or {MostNestedTries} within one another", at);
        _clauses += instruction.Catches.Length;
        if (_clauses > MostClauses)
            throw new InvalidModuleException($"a function has more than {MostClauses} catch clauses", at);
        foreach (var clause in instruction.Catches)
            CheckClause(clause, at);
        _facts.HasTry = true;
        Open(Opcode.TryTable, instruction.BlockType!, at);
    }

    void CheckClause(in CatchClause clause, int at)
    {
        var given = clause.Tag is { } tag ? Tag(tag, at).Parameters : [];
        if (clause.TakesReference)
            given = given.Add(Caught);
        if (!AllMatch(given.AsSpan(), Label(clause.Label, at).Branch))
            throw new InvalidModuleException("type mismatch: the label of a catch does not take what is caught", at);
    }

    FunctionType Tag(int index, int at) => image.Tags[Known(index, image.Tags.Count, "tag", at)];
}

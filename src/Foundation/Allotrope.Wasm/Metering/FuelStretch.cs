namespace Allotrope.Wasm;

/// <summary>Code that is run from its beginning to its end.</summary>
/// <param name="start">Its first instruction.</param>
/// <param name="before">A stretch that every way to it has passed, once each time; none at the head of a loop and of the function.</param>
/// <param name="follows">Whether what passes that one comes to it, unless it traps or throws.</param>
sealed class FuelStretch(int start, FuelStretch? before, bool follows)
{
    FuelStretch? _payer;

    /// <summary>Whether all that passes its payer comes to it.</summary>
    bool _isCertain;

    /// <summary>What it pays for though it may not be run.</summary>
    int _ahead;

    internal int Start { get; } = start;

    /// <summary>What its instructions cost.</summary>
    internal int Cost { get; set; }

    /// <summary>What is paid where it begins.</summary>
    internal int Price { get; private set; }

    FuelStretch Payer => _payer ?? throw new InvalidOperationException("the stretch has not ended");

    /// <returns>Whether it pays itself.</returns>
    internal bool End()
    {
        _isCertain = before is null || (follows && before._isCertain);
        if (before?.Payer is { } payer && (_isCertain || (long)payer._ahead + Cost <= FuelPlan.MostAhead))
        {
            payer._ahead += _isCertain ? 0 : Cost;
            payer.Price += Cost;
            _payer = payer;
            return false;
        }

        Price += Cost;
        (_payer, _isCertain) = (this, true);
        return true;
    }
}

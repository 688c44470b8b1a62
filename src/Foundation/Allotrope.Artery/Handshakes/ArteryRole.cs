namespace Allotrope.Artery;

/// <summary>Which end of an artery a process is; who dials does not matter for it.</summary>
public enum ArteryRole
{
    Core = 0,
    Service = 1,
}

namespace Allotrope.Artery;

/// <summary>The first byte of a control frame's payload.</summary>
public enum ControlType : byte
{
    Hello = 1,
    Challenge = 2,
    Proof = 3,
    Ready = 4,
    Close = 5,
    Ack = 6,
    Fault = 7,
    GetState = 8,
    State = 9,
}

using System.Buffers;

namespace RealtimeHub.Bench.Load;

/// <summary>What has come on one WebSocket and is not taken yet. It is small, and grows as far as the largest frame.</summary>
internal sealed class FrameBuffer
{
    private const int Small = 1024;

    private byte[] _bytes = new byte[Small];
    private ArrayBufferWriter<byte>? _fragments;
    private int _filled;
    private int _taken;
    private int _needed;

    /// <summary>Where the next bytes go. Never empty after <see cref="MakeRoom"/>.</summary>
    public Memory<byte> Free => _bytes.AsMemory(_filled);

    /// <summary>What is not taken yet.</summary>
    public ReadOnlySpan<byte> Rest => _bytes.AsSpan(_taken, _filled - _taken);

    /// <summary>So many bytes have come.</summary>
    public void Fill(int count) => _filled += count;

    /// <summary>Takes so many bytes.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        var taken = Rest[..count];
        _taken += count;
        return taken;
    }

    /// <summary>Takes the next message if it is there as a whole: a control frame, or a text.</summary>
    /// <param name="opcode">What it is.</param>
    /// <param name="payload">What it says, until <see cref="MakeRoom"/>.</param>
    public bool TryTakeMessage(out WebSocketOpcode opcode, out ReadOnlySpan<byte> payload)
    {
        while (TryTakeFrame(out var frame, out payload))
        {
            opcode = frame.Opcode;
            if (frame.IsFinal && opcode != WebSocketOpcode.Continuation)
            {
                return true;
            }

            // SignalR sends what has piled up in fragments, one for each segment of its pipe.
            (_fragments ??= new()).Write(payload);
            if (frame.IsFinal)
            {
                payload = _fragments.WrittenSpan;
                _fragments = null;
                opcode = WebSocketOpcode.Text;
                return true;
            }
        }

        opcode = default;
        return false;
    }

    /// <summary>Moves what is not taken to the front, so that at least as much fits behind it as the next frame needs.</summary>
    public void MakeRoom()
    {
        var rest = Rest;
        var target = _needed > _bytes.Length ? new byte[_needed] : rest.Length == _bytes.Length ? new byte[2 * _bytes.Length] : _bytes;
        rest.CopyTo(target);
        (_bytes, _filled, _taken) = (target, rest.Length, 0);
    }

    private bool TryTakeFrame(out WebSocketFrame frame, out ReadOnlySpan<byte> payload)
    {
        payload = [];
        _needed = WebSocketFrame.Read(Rest, out frame);
        if (_needed > Rest.Length)
        {
            return false;
        }

        payload = Take(_needed).Slice(frame.Start, frame.Length);
        return true;
    }
}

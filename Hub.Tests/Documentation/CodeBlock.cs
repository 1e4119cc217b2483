namespace RealtimeHub.Tests.Documentation;

/// <summary>A fenced block of a page.</summary>
/// <param name="Language">What stands behind the fence, such as <c>sh</c>; empty if nothing does.</param>
/// <param name="Heading">The heading that it stands under.</param>
/// <param name="Lead">The paragraph right before it; empty behind a heading or another block.</param>
/// <param name="Text">Its lines.</param>
public sealed record CodeBlock(string Language, string Heading, string Lead, string Text)
{
    public override string ToString() => $"{Heading}: {Text.Split('\n')[0]}";
}

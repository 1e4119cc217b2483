using System.Text;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

public sealed class VersionedRecordTests
{
    [Theory]
    [InlineData("1 subject", "subject", "", "")]
    [InlineData("1 a subject with spaces", "a subject with spaces", "", "")]
    [InlineData("1 subject\na one", "subject", "one", "")]
    [InlineData("1 subject\nz nine\na one two\nab three", "subject", "one two", "")]
    [InlineData("1 subject\na one\na two", "subject", "one", "")]
    [InlineData("1 subject\na\nab three\na ", "subject", "", "")]
    [InlineData("1 subject\n\nbody\n\na one", "subject", "", "body\n\na one")]
    [InlineData("1 subject\na one\n\n", "subject", "one", "")]
    [InlineData("1 subject\na one\n\n\n\n", "subject", "one", "\n\n")]
    [InlineData("1.0 subject\na one\n\nbody", "subject", "one", "body")]
    [InlineData("1.17 subject\na one\n\nbody", "subject", "one", "body")]
    public void A_record_is_read_by_its_names_and_what_is_unknown_is_skipped(string text, string subject, string a, string body)
    {
        VersionedRecord.TryRead(Encoding.UTF8.GetBytes(text), out var record).Should().BeTrue();

        (Text(record.Subject), Text(record.Find("a"u8)), Text(record.Body)).Should().Be((subject, a, body));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1 ")]
    [InlineData("1\nsubject")]
    [InlineData(" 1 subject")]
    [InlineData("\n1 subject")]
    [InlineData("1. subject")]
    [InlineData("1.x subject")]
    [InlineData("1.0.0 subject")]
    [InlineData("10 subject")]
    [InlineData("01 subject")]
    [InlineData("2 subject")]
    [InlineData("2.1 subject")]
    [InlineData("user:alice\n1-1\n\n{}")]
    [InlineData("subject")]
    public void What_is_of_no_version_or_of_another_is_not_read(string text) =>
        VersionedRecord.TryRead(Encoding.UTF8.GetBytes(text), out _).Should().BeFalse();

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}

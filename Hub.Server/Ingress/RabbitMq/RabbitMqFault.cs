using RabbitMQ.Client.Exceptions;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>Why the hub takes nothing from RabbitMQ.</summary>
/// <param name="Summary">What is wrong, in one sentence without secrets.</param>
/// <param name="Advice">For the operator: what to do, and what the broker says. Never the address with its password.</param>
/// <param name="IsForOperator">Whether it will not pass by itself.</param>
internal sealed record RabbitMqFault(string Summary, string Advice, bool IsForOperator)
{
    private const int AccessRefused = 403;
    private const int PreconditionFailed = 406;
    private const int NotAllowed = 530;

    public static readonly RabbitMqFault NotYet = new("Not yet connected to RabbitMQ.", "", IsForOperator: false);

    /// <summary>The meaning of an exception thrown while the connection was opened or the queues were declared.</summary>
    public static RabbitMqFault AtOpening(Exception thrown) => Innermost(thrown) switch
    {
        AuthenticationFailureException => new(
            "RabbitMQ refuses the user.", "It refuses the user or the password of RabbitMq:Uri. Set those that it knows.", IsForOperator: true),
        FrameTooLargeException tooLarge => new("RabbitMQ lets in larger frames than the hub can read.", tooLarge.Message, IsForOperator: true),
        OperationInterruptedException { ShutdownReason: { ReplyCode: PreconditionFailed } reason } => new(
            "The exchange or a queue exists with other settings.",
            $"The exchange or a queue exists with other settings than these ({reason.ReplyText}). Set RabbitMq:QueueType and "
            + "RabbitMq:SingleActiveConsumer as when it was made, or RabbitMq:Exchange and RabbitMq:Queue to another name. Or delete it, once it is empty.",
            IsForOperator: true),
        OperationInterruptedException { ShutdownReason: { ReplyCode: AccessRefused or NotAllowed } reason } => new(
            "RabbitMQ does not permit what the hub needs.",
            $"It does not permit what the hub needs ({reason.ReplyText}). Which permissions those are says docs/operations.md.",
            IsForOperator: true),
        var away => WhileOpen(away),
    };

    /// <summary>The meaning of an exception that ended an open connection.</summary>
    public static RabbitMqFault WhileOpen(Exception thrown) => new(
        "RabbitMQ is away.", $"It is away ({Reason(Innermost(thrown))}).", IsForOperator: false);

    /// <summary>Whether the library closed the connection because it could not read a message.</summary>
    public static bool IsUnreadable(Exception thrown) =>
        thrown is OperationInterruptedException
            && Innermost(thrown) is (SyntaxErrorException or ArgumentException or IndexOutOfRangeException);

    private static string Reason(Exception thrown) =>
        thrown is OperationInterruptedException { ShutdownReason: { } reason } ? $"{reason.ReplyCode} {reason.ReplyText}" : thrown.Message;

    private static Exception Innermost(Exception thrown) => thrown.GetBaseException();
}

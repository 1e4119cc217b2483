using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeHub.Client.Connecting;
using RealtimeHub.Client.Receipts;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client;

/// <summary>
/// All JSON that the client reads and writes. It is source-generated, so that it works trimmed and compiled ahead of time.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(PushMessage))]
[JsonSerializable(typeof(Envelope))]
[JsonSerializable(typeof(ResumeRequest))]
[JsonSerializable(typeof(ResumeAnswer))]
[JsonSerializable(typeof(ConnectedNotice))]
[JsonSerializable(typeof(RenewAnswer))]
[JsonSerializable(typeof(JoinAnswer))]
[JsonSerializable(typeof(LeaveAnswer))]
[JsonSerializable(typeof(HandledRequest))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class ClientJson : JsonSerializerContext;

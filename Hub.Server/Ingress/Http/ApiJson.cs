using System.Text.Json.Serialization;
using RealtimeHub.Authentication;
using RealtimeHub.Control;
using RealtimeHub.Insight.Load;
using RealtimeHub.Insight.Messages;
using RealtimeHub.Nodes;
using RealtimeHub.Presence;
using RealtimeHub.Tokens;

namespace RealtimeHub.Ingress.Http;

/// <summary>Strict about unknown fields, so that a backend that misspells one is told. Stored records are read leniently.</summary>
/// <remarks>
/// No limit for nesting but the size of the body: a payload that is nested too deep is refused later, by the rule for payloads, which says
/// what is wrong. Nested values are skipped here, without recursion.
/// </remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    MaxDepth = BatchEndpoint.LargestBody,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TokenRecord))]
[JsonSerializable(typeof(MessageRequest))]
[JsonSerializable(typeof(PublishedMessage))]
[JsonSerializable(typeof(FollowedEvent))]
[JsonSerializable(typeof(LoadAnswer))]
[JsonSerializable(typeof(SettingsAnswer))]
[JsonSerializable(typeof(MessageStatus))]
[JsonSerializable(typeof(UserDevices))]
[JsonSerializable(typeof(MessageExplanation))]
[JsonSerializable(typeof(AddressLog))]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(BatchMessage))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(UsersRequest))]
[JsonSerializable(typeof(UsersAnswer))]
[JsonSerializable(typeof(UserConnections))]
[JsonSerializable(typeof(UserStatusPage))]
[JsonSerializable(typeof(NodesAnswer))]
[JsonSerializable(typeof(DrainAnswer))]
[JsonSerializable(typeof(EndRequest))]
[JsonSerializable(typeof(BanRequest))]
[JsonSerializable(typeof(EndedConnections))]
[JsonSerializable(typeof(AskedConnections))]
[JsonSerializable(typeof(GroupChange))]
[JsonSerializable(typeof(GroupsAnswer))]
internal sealed partial class ApiJson : JsonSerializerContext;

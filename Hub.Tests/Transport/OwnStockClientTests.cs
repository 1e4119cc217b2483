namespace RealtimeHub.Tests.Transport;

public sealed class OwnStockClientTests() : StockClientContract(isOwn: true);

namespace RealtimeHub.Tests.Transport;

public sealed class SignalRStockClientTests() : StockClientContract(isOwn: false);

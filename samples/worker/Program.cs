using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RealtimeHub.Publishing;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

if (args is not [var user, ..])
{
    await Console.Error.WriteLineAsync("Whom to greet? dotnet run --project samples/worker -- alice");
    return 2;
}

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddRealtimeHubPublisher();
using var worker = builder.Build();

try
{
    var publisher = worker.Services.GetRequiredService<IPublisher>();
    var id = await publisher.PublishAsync(Address.User(user), "greeting", new { Text = "Hello from a worker!" });
    Console.WriteLine($"Published {id} to {user}.");
    return 0;
}
catch (Exception missing) when (missing is OptionsValidationException or StoreUnavailableException)
{
    await Console.Error.WriteLineAsync(missing.Message);
    return 1;
}

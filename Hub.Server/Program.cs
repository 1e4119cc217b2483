using Microsoft.Extensions.Options;
using RealtimeHub.Authentication;
using RealtimeHub.Connections;
using RealtimeHub.Ingress;
using RealtimeHub.Operations;
using RealtimeHub.Redis;

try
{
    // Settings and pages lie beside the program, from whichever folder it is started.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.Services.AddProblemDetails().AddCors().AddHealthChecks().AddCheck<RedisHealthCheck>("redis");
    builder.Services.AddAuthentication().AddSingleUseToken();
    builder.Services.AddPushHub().AddHttpApi().AddHostedService<ModeAnnouncement>();

    var app = builder.Build();
    app.Services.GetRequiredService<IStartupValidator>().Validate();
    app.UseExceptionHandler();
    app.UseStatusCodePages();
    app.UseCors();
    app.UseAuthentication();
    app.UseAuthorization();

    app.MapPushHub();
    app.MapClientScript();
    app.MapHttpApi();
    app.MapHealth();
    app.MapDemo();
    await app.RunAsync();
    return 0;
}
catch (Exception thrown) when (ConfigurationReport.For(thrown) is { } mistakes)
{
    await Console.Error.WriteLineAsync(mistakes);
    return 1;
}

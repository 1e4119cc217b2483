using Microsoft.Extensions.Options;
using RealtimeHub.CommandLine;
using RealtimeHub.Hosting;
using RealtimeHub.Ingress.Http;
using RealtimeHub.Ingress.RabbitMq;

return await HubCommandLine.RunAsync(args, Build, Map);

static WebApplication Build(string[] configuration, Action<IServiceCollection> registerMore)
{
    // Settings and pages lie beside the program, from whichever folder it is started.
    var builder =
        WebApplication.CreateBuilder(new WebApplicationOptions { Args = configuration, ContentRootPath = AppContext.BaseDirectory });
    builder.Configuration.DecideWhereToListen();
    builder.WebHost.UseBacklogForStorms();
    builder.Services.AddTelemetryExport(builder.Configuration).AddSite().AddCors().AddReadiness().AddDashboard(builder.Configuration);
    builder.Services.AddAuthentication().AddSingleUseToken();
    builder.Services.AddPushHub().AddHttpApi().AddRabbitMqIngress().AddPushHubEvents();
    builder.Services.AddSystemdService().AddHostedService<StartAnnouncement>();
    registerMore(builder.Services);

    var app = builder.Build();
    app.Services.GetRequiredService<IStartupValidator>().Validate();
    return app;
}

static void Map(WebApplication app)
{
    app.UseSite().UseCors().UseAuthentication().UseAuthorization();

    app.MapPushHub();
    app.MapClientScript();
    app.MapHttpApi();
    app.MapHealth();
    app.MapDemo();
    app.MapDashboard();
}

internal sealed partial class Program; // The SDK would make it public, and the tests of a host would find two.

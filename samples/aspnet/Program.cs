using Microsoft.AspNetCore.Authentication.Cookies;
using Samples.AspNet;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options => options.LoginPath = "/SignIn");
builder.Services.AddRazorPages(options => options.Conventions.AuthorizePage("/Index"));
builder.Services.AddRealtimeHubTokens();
builder.Services.AddRealtimeHubPublisher();
builder.Services.AddHttpClient<HubSessions>();

var app = builder.Build();
if (!app.Environment.IsDevelopment())
{
    throw new InvalidOperationException("This sample signs anybody in as anybody, so it runs in Development only.");
}

app.MapStaticAssets();
app.MapRazorPages();
app.MapHubToken();
await app.RunAsync();

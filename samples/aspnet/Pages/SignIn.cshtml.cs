using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using RealtimeHub.Routing;

namespace Samples.AspNet.Pages;

/// <summary>Signs you in under any name. This demo shows what comes after signing in; it is no example of how to sign users in.</summary>
public sealed class SignInModel(HubSessions sessions) : PageModel
{
    [BindProperty]
    public string Name { get; set; } = "";

    public async Task<IActionResult> OnPostAsync()
    {
        if (!Address.IsName(Name))
        {
            ModelState.AddModelError(nameof(Name), "A name has 1 to 256 characters.");
        }

        if (!ModelState.IsValid)
        {
            return Page();
        }

        // The name identifier is the user that messages are published to.
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, Name), new(ClaimTypes.Name, Name), HubSessions.Begin()],
            CookieAuthenticationDefaults.AuthenticationScheme);
        await HttpContext.SignInAsync(new ClaimsPrincipal(identity));
        return RedirectToPage("/Index");
    }

    public async Task<IActionResult> OnPostOutAsync()
    {
        await HttpContext.SignOutAsync();
        await sessions.EndAsync(User);
        return RedirectToPage("/SignIn");
    }
}

using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using RealtimeHub.Publishing;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace Samples.AspNet.Pages;

/// <summary>Shows what is pushed to the signed-in user, and publishes a note to any user.</summary>
public sealed class IndexModel(IPublisher publisher, IConfiguration configuration) : PageModel
{
    public string Hub => configuration["Hub:Url"]!;

    [BindProperty, Required(ErrorMessage = "Who shall have it?")]
    public string To { get; set; } = "";

    [BindProperty, Required(ErrorMessage = "Write something."), StringLength(1_000)]
    public string Text { get; set; } = "";

    /// <summary>Whether the last note was sent. Shown once.</summary>
    [TempData]
    public string? Sent { get; set; }

    public async Task<IActionResult> OnPostAsync()
    {
        if (ModelState.IsValid && !Address.IsName(To))
        {
            ModelState.AddModelError(nameof(To), "A name has 1 to 256 characters.");
        }

        return ModelState.IsValid && await TryPublishAsync() ? RedirectToPage() : Page();
    }

    private async Task<bool> TryPublishAsync()
    {
        try
        {
            await publisher.PublishAsync(Address.User(To), "note", new { From = User.Identity!.Name, Text });
            Sent = $"Sent to {To}.";
            return true;
        }
        catch (StoreUnavailableException)
        {
            ModelState.AddModelError("", "Redis does not answer, so the note may not have been sent. Try again in a moment.");
            return false;
        }
    }
}

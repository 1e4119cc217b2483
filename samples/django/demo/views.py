from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from redis import RedisError

from demo import hub
from demo.forms import NoteForm


@never_cache  # the token in the page works once
@login_required
def index(request):
    """Shows what is pushed to the signed-in user, and publishes a note to any user."""
    form = NoteForm(request.POST or None)
    if form.is_valid():
        to, text = form.cleaned_data["to"].username, form.cleaned_data["text"]
        try:
            hub.publish(to, "note", {"from": request.user.username, "text": text}, request.headers.get("traceparent"))
        except hub.PublishError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Sent to {to}.")
            return redirect("index")
    return render(request, "index.html", {"form": form})


@never_cache
@require_POST
def hub_token(request):
    """The page's next token, for tokenFrom. Not login_required, because that answers with the page to sign in instead of 401."""
    if not request.user.is_authenticated:
        return JsonResponse({"detail": "Sign in first."}, status=401)
    try:
        return JsonResponse({"token": hub.mint(request)})
    except RedisError:
        return JsonResponse({"detail": "Redis does not answer. Try again."}, status=503)


@require_POST
def sign_out(request):
    """Signs out, here and at the hub. The session is over first, so that none of its pages gets another token in between."""
    if request.user.is_authenticated:
        username, session = request.user.username, hub.session_id(request)
        logout(request)
        hub.end_session(username, session)
    return redirect("login")


@never_cache
@login_required
def seed(request):
    """A page as the seed has it, with the seed's own template tag."""
    return render(request, "seed.html")

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path
from django.views.decorators.http import require_POST

from demo import views

urlpatterns = [
    path("", views.index, name="index"),
    path("hub-token", views.hub_token, name="hub-token"),
    path("seed", views.seed, name="seed"),
    path("login", LoginView.as_view(), name="login"),
    path("logout", require_POST(LogoutView.as_view()), name="logout"),
]

from django.contrib.auth.views import LoginView
from django.urls import path

from demo import views

urlpatterns = [
    path("", views.index, name="index"),
    path("hub-token", views.hub_token, name="hub-token"),
    path("seed", views.seed, name="seed"),
    path("login", LoginView.as_view(), name="login"),
    path("logout", views.sign_out, name="logout"),
]

"""Signing in and out: Django's own views with our pages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView

from labeling.models import User


class SignInForm(AuthenticationForm):
    """Name and password; says the same of an unknown name as of a wrong password."""

    error_messages = {
        "invalid_login": "That name and password do not belong together.",
        "inactive": "This account is closed.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "User name"
        self.fields["username"].widget.attrs["autofocus"] = True


class SignIn(LoginView):
    """Whoever is signed in already goes on to the projects."""

    template_name = "labelyard/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``nobody``: there is no account yet, and the page says how to make one."""
        nobody = not User.objects.filter(is_service=False).exists()
        return super().get_context_data(**kwargs) | {"nobody": nobody}

"""One's own API tokens: made, shown once, revoked."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from labeling.errors import LabelyardError, not_found
from labeling.models import ApiToken, TokenScope
from labeling.services.tokens import DAYS_MAX, NewToken, token_create, token_revoke
from labeling.web.guard import Visit, page


class TokenForm(forms.Form):
    name = forms.CharField(max_length=100, label="Name", help_text="What will use it: “nightly export”.")
    scope = forms.ChoiceField(choices=TokenScope.choices, label="Scope", initial=TokenScope.WRITE)
    days = forms.IntegerField(
        min_value=1,
        max_value=DAYS_MAX,
        required=False,
        initial=90,
        label="Days",
        help_text="Empty: until it is revoked.",
    )


@page
def tokens(visit: Visit) -> HttpResponse:
    """The tokens that hold, a form for a new one, and its secret right after it was made."""
    data = visit.request.POST if visit.request.method == "POST" else None
    form = TokenForm(data)
    made: NewToken | None = None
    if data is not None and form.is_valid():
        try:
            made = token_create(user=visit.user, **form.cleaned_data)
            form = TokenForm()
        except LabelyardError as error:
            form.add_error(None, error.sentence)
    now = timezone.now()
    rows = ApiToken.objects.filter(user=visit.user, revoked_at__isnull=True)
    context = {
        "tokens": rows.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now)).order_by("-pk"),
        "form": form,
        "made": made,
        "place": "tokens",
    }
    status = 422 if data is not None and made is None else 200
    answer = visit.answer("labelyard/tokens.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@page
def token_end(visit: Visit, *, token_id: int) -> HttpResponse:
    """Revoke one of one's own tokens."""
    token = ApiToken.objects.filter(pk=token_id, user=visit.user).first()
    if token is None:
        raise not_found("token")
    token_revoke(token=token)
    return redirect("tokens")

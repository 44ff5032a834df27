"""People and service accounts."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from labeling.errors import conflict, refused
from labeling.models import User


def user_create(
    *, username: str, password: str | None = None, email: str = "", is_service: bool = False
) -> User:
    """Make an account; without a password it signs in by tokens alone.

    Raises ``weak_password`` and ``invalid_username`` (422), ``username_taken`` (409).
    """
    user = User(username=User.normalize_username(username), email=email, is_service=is_service)
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        raise refused("invalid_username", " ".join(error.messages)) from error
    if password is None:
        user.set_unusable_password()
    else:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise refused("weak_password", " ".join(error.messages)) from error
        user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise conflict("username_taken", f"There is an account named “{username}” already.") from error
    return user

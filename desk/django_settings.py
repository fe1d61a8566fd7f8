"""Django's settings, made from ``wegweiser.settings``; the environment is not read here."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.utils.translation import gettext_lazy as _

from wegweiser.settings import ROOT, VAR, settings

_own = settings()
_address = urlsplit(_own.desk_url)

SECRET_KEY = _own.secret_key
DEBUG = _own.debug
ALLOWED_HOSTS = [_address.hostname or "127.0.0.1", "127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = [f"{_address.scheme}://{_address.netloc}"]
ROOT_URLCONF = "desk.urls"
ASGI_APPLICATION = "desk.asgi.application"
AUTH_USER_MODEL = "desk.Counsellor"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "desk",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "desk.security.ContentSecurityPolicy",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "desk" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "desk.console.access.content_problem",
                "desk.console.delay.delay",
            ]
        },
    }
]

_database: dict[str, Any] = dict(dj_database_url.parse(_own.database_url, conn_max_age=600))
if _database["ENGINE"].endswith("sqlite3"):
    _database["CONN_MAX_AGE"] = None
    _database["OPTIONS"] = {
        # One writer at a time: a transaction takes the lock at its start and others wait for it,
        # instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
else:
    # Beside what the address says, e.g. ?sslmode=require.
    _database["OPTIONS"] = {**_database.get("OPTIONS", {}), "pool": False}
    _database["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": _database}

# Log-in attempts are counted here, and codes that were used: several desk processes must share it,
# so it is a table. What only keeps scripts from flooding one process stays in that process.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "desk_cache",
        # When it is full, entries go: not before so many names were tried at once.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "console"
LOGOUT_REDIRECT_URL = "login"
# Of an invitation, and of a link to set a new password.
PASSWORD_RESET_TIMEOUT = 72 * 3600
# Longer than a day's work, shorter than until tomorrow: desks are shared.
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "desk.console.log_in_again.stale"
ACCOUNT_ADAPTER = "desk.sign_in.AccountAdapter"
ACCOUNT_FORMS = {"login": "desk.sign_in.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; allauth wants them named
ACCOUNT_EMAIL_VERIFICATION = "none"  # there need not be an e-mail server
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE, without asking
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# At most 10 wrong passwords a minute from one address and 5 in five minutes for one account.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/300s/key"}
MFA_ADAPTER = "desk.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Wegweiser"
MFA_TOTP_TOLERANCE = 1  # the clock of a phone may be half a minute wrong
MFA_RECOVERY_CODES_SHOW_ONCE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _address.scheme == "https"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024

USE_TZ = True
TIME_ZONE = _own.desk_time_zone
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German")), ("fr", _("French")), ("it", _("Italian"))]
LOCALE_PATHS = [ROOT / "desk" / "locale"]
FORMAT_MODULE_PATH = ["desk.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "desk" / "static"]
WHITENOISE_USE_FINDERS = True

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "wegweiser.logs.WithoutTexts",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"desk": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}

"""Settings, from the environment only; see docs/operations.md for the variables."""

from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from puhui.config import environment, logs
from puhui.config.postgresql.base import Connection

CODE = Path(__file__).resolve().parent.parent
ROOM = CODE.parent

# -- Where things are ---------------------------------------------------------------------------

PUHUI_DATA = environment.data_folder()
PUHUI_KEYS = environment.keys_folder()
PUHUI_LOG_DIR = environment.log_folder()
PUHUI_BIND = environment.address("PUHUI_BIND", "127.0.0.1:8000")
PUHUI_STREAM_BIND = environment.address("PUHUI_STREAM_BIND", f"{PUHUI_BIND[0]}:{PUHUI_BIND[1] + 1}")
PUHUI_WAKE = ("127.0.0.1", PUHUI_STREAM_BIND[1])  # UDP: a change was committed, look now
PUHUI_HOSTS = environment.words("PUHUI_HOSTS")  # names under which nginx serves this, by TLS
PUHUI_LAN = environment.lan_host("PUHUI_LAN")
ALARM_URL = environment.web_address("ALARM_URL")
SMS_URL = environment.web_address("SMS_URL")
SMS_REPLIES = environment.yes("SMS_REPLIES", True)

if not (environment.is_loopback(PUHUI_BIND[0]) or PUHUI_HOSTS or PUHUI_LAN):
    raise ImproperlyConfigured(
        "PUHUI_BIND is not a loopback address: name the public hosts in PUHUI_HOSTS (served by TLS), "
        "or for a demo its address in the local network in PUHUI_LAN"
    )

# -- Django -------------------------------------------------------------------------------------

SECRET_KEY = environment.secret_key(PUHUI_KEYS)
DEBUG = False
ROOT_URLCONF = "puhui.config.urls"
WSGI_APPLICATION = "puhui.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

CONTEXTS = [
    "kernel",
    "files",
    "parties",
    "content",
    "access",
    "consent",
    "notices",
    "catalogue",
    "market",
    "outreach",
    "oversight",
]
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "ninja",
    *(f"puhui.{name}" for name in CONTEXTS),
]

MIDDLEWARE = [
    "puhui.config.middleware.health",
    "puhui.config.middleware.caller",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "puhui.config.middleware.careful_headers",
    "puhui.config.middleware.ContentPolicy",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "puhui.desks.shared.gate.actor_of",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [*sorted((CODE / "desks").glob("*/templates")), CODE / "demo" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {
                "desk": "puhui.desks.shared.tags",
                "kept": "puhui.desks.shared.kept",
            },
            "context_processors": [
                "django.template.context_processors.request",
                "csp.context_processors.nonce",
                "puhui.desks.shared.context.everywhere",
            ],
        },
    }
]

PASSWORD_HASHERS = ["puhui.config.hashers.Argon2"]

# -- Database -----------------------------------------------------------------------------------

PUHUI_WEB_THREADS = environment.number("PUHUI_WEB_THREADS", 2)
_database = environment.database(environment.database_url(PUHUI_DATA))
_options: dict[str, Any] = {
    "connect_timeout": 5,
    "application_name": "puhui",
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    # A statement outside the web may take longer: imports, migrations, scoring.
    "options": f"-c statement_timeout={environment.number('PUHUI_STATEMENT_SECONDS', 0)}s"
    " -c idle_in_transaction_session_timeout=60s",
    **_database.pop("OPTIONS"),  # type: ignore[dict-item]
    "server_side_binding": True,  # values never become part of a statement's text
    "prepare_threshold": 2,
    # A database that is back is used within seconds: who waits is sent away soon, and asks again.
    "pool": {
        "min_size": 1,
        "max_size": max(PUHUI_WEB_THREADS, 12) + 2,  # opened only as they are needed at once
        "timeout": 2,
        "reconnect_timeout": 0.5,
        "max_idle": 300,
        "connection_class": Connection,
    },
}
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "puhui.config.postgresql",
        **_database,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": _options,
    }
}

# -- Static files -------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [folder for folder in [ROOM / "static"] if folder.is_dir()]
STATIC_ROOT = PUHUI_DATA / "static"
_collected = (STATIC_ROOT / "staticfiles.json").exists()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _collected
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _collected

# -- Safety -------------------------------------------------------------------------------------

PUHUI_TLS = bool(PUHUI_HOSTS)
_names = ["127.0.0.1", "localhost", "[::1]", *([PUHUI_LAN] if PUHUI_LAN else [])]
ALLOWED_HOSTS = PUHUI_HOSTS or _names
# nginx joins web and stream under one origin; without it a page finds the stream at its own port.
PUHUI_STREAM_PORT = None if PUHUI_TLS else PUHUI_STREAM_BIND[1]
PUHUI_PAGE_ORIGINS = (
    [f"https://{host}" for host in PUHUI_HOSTS]
    if PUHUI_TLS
    else [f"http://{host}:{PUHUI_BIND[1]}" for host in _names]
)
CSRF_TRUSTED_ORIGINS = PUHUI_PAGE_ORIGINS
CSRF_COOKIE_NAME = "puhui_csrf"
CSRF_COOKIE_SECURE = PUHUI_TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
PUHUI_SESSION_COOKIE = "puhui_session"
PUHUI_COOKIE_SECURE = PUHUI_TLS
SECURE_SSL_REDIRECT = PUHUI_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PUHUI_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if PUHUI_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

_stream = (
    []
    if PUHUI_TLS
    else [f"http://{host}:{PUHUI_STREAM_BIND[1]}" for host in _names if "[" not in host]
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF, *_stream],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# -- Logs ---------------------------------------------------------------------------------------

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logs.settings_for(PUHUI_LOG_DIR)
logs.configure_structlog()

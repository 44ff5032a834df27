"""All settings of Labelyard, typed, read from the environment once.

Nothing else reads the environment. Defaults make the embedded stack: SQLite, a local folder and
a Valkey on loopback. ``checks.py`` says at start what does not fit together, and how to mend it.
"""

from __future__ import annotations

import secrets
import socket
from pathlib import Path
from typing import Any

from environs import Env

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent


def secret(name: str, default: str | None = None) -> str | None:
    """Read a secret from ``NAME``, or from the file that ``NAME_FILE`` names (container secrets)."""
    path = env.str(f"{name}_FILE", "")
    if path:
        return Path(path).read_text().strip()
    return env.str(name, default)


def kept_secret_key(folder: Path) -> str:
    """Return the signing key of this installation, made once and kept in the data folder."""
    path = folder / "secret.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


# Where everything of the embedded stack lies: database, media, caches, queue, logs.
DATA_DIR = Path(env.str("LABELYARD_DATA", str(BASE_DIR / ".data"))).resolve()

DEBUG = env.bool("LABELYARD_DEBUG", False)
SECRET_KEY = secret("SECRET_KEY") or kept_secret_key(DATA_DIR)
# Former keys: what they signed or sealed still holds.
SECRET_KEY_FALLBACKS = (secret("SECRET_KEY_FALLBACKS") or "").replace(",", " ").split()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "django_htmx",
    "labeling",
    "workers",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "labeling.web.csp.ContentSecurityPolicy",
    "labeling.api.compression.JsonCompression",
    "labeling.web.statics.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "labeling.urls"
ASGI_APPLICATION = "labeling.asgi.application"
AUTH_USER_MODEL = "labeling.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "projects"
LOGOUT_REDIRECT_URL = "sign-in"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "labeling.web.csp.csp_nonce",
                "labeling.web.theme.theme",
            ]
        },
    }
]

# SQLite: write-ahead log and immediate transactions, so that readers never wait and writers queue
# instead of failing. Measured beside Django's defaults: 105 lock errors in six seconds against none.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}
# What the environment names itself; None is the embedded one.
DATABASE_URL_GIVEN = secret("DATABASE_URL")
REDIS_URL_GIVEN = secret("REDIS_URL")
PORT = env.int("LABELYARD_PORT", None)
DATABASE_URL = DATABASE_URL_GIVEN or f"sqlite:///{DATA_DIR / 'labelyard.sqlite3'}"


def database_from_url(url: str) -> dict[str, Any]:
    """Turn ``DATABASE_URL`` into Django's form, with our options for SQLite."""
    import dj_database_url

    config: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    if str(config["ENGINE"]).endswith("sqlite3"):
        config["OPTIONS"] = SQLITE_OPTIONS
        config["TEST"] = {"NAME": env.str("LABELYARD_TEST_DATABASE", "") or None}
    return config


DATABASES: dict[str, dict[str, Any]] = {"default": database_from_url(DATABASE_URL)}

REDIS_URL = REDIS_URL_GIVEN or "redis://127.0.0.1:6379/0"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = env.bool("LABELYARD_HTTPS", False)
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"

# Media: bytes live in a store; what is decoded from them lives in caches with a cap.
STORAGE = env.str("LABELYARD_STORAGE", "local")  # local | s3
MEDIA_DIR = Path(env.str("LABELYARD_MEDIA", str(DATA_DIR / "media")))
CACHE_DIR = Path(env.str("LABELYARD_CACHE", str(DATA_DIR / "cache")))
STILLS_CACHE_BYTES = env.int("LABELYARD_STILLS_CACHE_BYTES", 2 * 1024**3)
MEDIA_CACHE_BYTES = env.int("LABELYARD_MEDIA_CACHE_BYTES", 20 * 1024**3)
UPLOAD_MAX_BYTES = env.int("LABELYARD_UPLOAD_MAX_BYTES", 20 * 1024**3)
FILE_UPLOAD_TEMP_DIR = None
# Files of one request, a series; uploads refuse more with a sentence of their own before this does.
DATA_UPLOAD_MAX_NUMBER_FILES = 5001
S3_BUCKET = env.str("LABELYARD_S3_BUCKET", "")
S3_PREFIX = env.str("LABELYARD_S3_PREFIX", "")
S3_ENDPOINT = env.str("LABELYARD_S3_ENDPOINT", "") or None
S3_REGION = env.str("LABELYARD_S3_REGION", "") or None
S3_PATH_STYLE = env.bool("LABELYARD_S3_PATH_STYLE", False)
S3_PUBLIC_ENDPOINT = env.str("LABELYARD_S3_PUBLIC_ENDPOINT", "") or None
DIRECT_UPLOAD = env.bool("LABELYARD_DIRECT_UPLOAD", True)
DIRECT_UPLOAD_MIN_BYTES = env.int("LABELYARD_DIRECT_UPLOAD_MIN_BYTES", 8 * 1024**2)
S3_ACCESS_KEY = secret("LABELYARD_S3_ACCESS_KEY")
S3_SECRET_KEY = secret("LABELYARD_S3_SECRET_KEY")

# Connections of projects to buckets of their own.
PRIVATE_ENDPOINTS = env.bool("LABELYARD_PRIVATE_ENDPOINTS", False)
ENVIRONMENT_BUCKETS: list[str] = env.list("LABELYARD_ENVIRONMENT_BUCKETS", [])

# The engine. Seconds.
LEASE_SECONDS = env.float("LABELYARD_LEASE_SECONDS", 15.0)
HEARTBEAT_SECONDS = env.float("LABELYARD_HEARTBEAT_SECONDS", 1.0)
PROGRESS_DEADLINE_SECONDS = env.float("LABELYARD_PROGRESS_DEADLINE_SECONDS", 300.0)
COMMIT_SECONDS = env.float("LABELYARD_COMMIT_SECONDS", 1.0)
LOSSES_MAX = env.int("LABELYARD_LOSSES_MAX", 5)
RELAY_SECONDS = env.float("LABELYARD_RELAY_SECONDS", 0.2)
REAPER_SECONDS = env.float("LABELYARD_REAPER_SECONDS", 1.0)
WORKER_STALE_SECONDS = env.float("LABELYARD_WORKER_STALE_SECONDS", 20.0)
EDITOR_TRACKING_FRAMES_MAX = env.int("LABELYARD_EDITOR_TRACKING_FRAMES_MAX", 250)
EMBEDDINGS_CACHE_BYTES = env.int("LABELYARD_EMBEDDINGS_CACHE_BYTES", 512 * 1024**2)
GIVE_WAY_SECONDS = env.float("LABELYARD_GIVE_WAY_SECONDS", 0.25)
BULK_NICENESS = env.int("LABELYARD_BULK_NICENESS", 10)
MACHINE_NAME = env.str("LABELYARD_MACHINE_NAME", socket.gethostname())
SCRIPTED_BACKEND = env.bool("LABELYARD_SCRIPTED_BACKEND", False)

# Webhooks.
WEBHOOK_TIMEOUT_SECONDS = env.float("LABELYARD_WEBHOOK_TIMEOUT_SECONDS", 15.0)
WEBHOOK_PAUSE_HOURS = env.float("LABELYARD_WEBHOOK_PAUSE_HOURS", 24.0)
WEBHOOK_LOG_DAYS = env.int("LABELYARD_WEBHOOK_LOG_DAYS", 30)
# Hosts, as endpoints name them, that may be at private addresses.
WEBHOOK_PRIVATE_HOSTS: list[str] = env.list("LABELYARD_WEBHOOK_PRIVATE_HOSTS", [])
WEBHOOK_CERTIFICATES = env.str("LABELYARD_WEBHOOK_CERTIFICATES", "")

# SAM 2. Without a checkpoint this installation does not offer it.
MODELS_DIR = Path(env.str("LABELYARD_MODELS", str(DATA_DIR / "models")))
SAM2_CHECKPOINT = env.str("LABELYARD_SAM2_CHECKPOINT", "")
SAM2_SHA256 = env.str("LABELYARD_SAM2_SHA256", "").lower()
SAM2_CONFIG = env.str("LABELYARD_SAM2_CONFIG", "")
SAM2_DEVICE = env.str("LABELYARD_SAM2_DEVICE", "auto")
SAM2_PRECISION = env.str("LABELYARD_SAM2_PRECISION", "auto")
SAM2_COMPILE = env.bool("LABELYARD_SAM2_COMPILE", False)
SAM2_IMAGE_SIZE = env.int("LABELYARD_SAM2_IMAGE_SIZE", None)
SAM2_PASS_BYTES = env.int("LABELYARD_SAM2_PASS_BYTES", 4 * 1024**3)

# SAM 3. Without a folder this installation does not offer it.
SAM3_MODEL = env.str("LABELYARD_SAM3_MODEL", "")
SAM3_DEVICE = env.str("LABELYARD_SAM3_DEVICE", "auto")
SAM3_PRECISION = env.str("LABELYARD_SAM3_PRECISION", "auto")

# Requests to the API by one token, or one person, such as "3000/minute"; empty: as many as they like.
RATE_LIMIT = env.str("LABELYARD_RATE_LIMIT", "3000/minute")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "labeling.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["labeling.api.permissions.RouteAllowed"],
    "DEFAULT_THROTTLE_CLASSES": ["labeling.api.rates.RequestRate"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "labeling.api.describing.Describing",
    "EXCEPTION_HANDLER": "labeling.api.exceptions.error_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Labelyard",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "OAS_VERSION": "3.1.0",
    "GET_LIB_DOC_EXCLUDES": "labeling.api.describing.doc_excludes",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "labeling.api.describing.refusals_add",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AttributeKindEnum": "labeling.models.AttributeKind",
        "BatchStateEnum": "labeling.models.BatchState",
        "BatchVerbEnum": "labeling.models.BatchVerb",
        "BulkVerbEnum": "labeling.models.BulkVerb",
        "ChangeKindEnum": "labeling.models.ChangeKind",
        "CredentialsEnum": "labeling.models.Credentials",
        "DecisionWordEnum": ["accepted", "rejected", "cleared"],
        "DeliveryStateEnum": "labeling.models.DeliveryState",
        "DetectAllEnum": ["detect_all"],
        "FileKindEnum": ["video", "image", "dicom", "other"],
        "FramedKindEnum": ["video", "image", "image_group", "image_sequence", "dicom"],
        "HandProvenanceEnum": ["manual", "prompted"],
        "InterpolateEnum": ["interpolate"],
        "ExportStateEnum": "labeling.models.ExportState",
        "JobKindEnum": "labeling.models.JobKind",
        "JobStateEnum": "labeling.models.JobState",
        "ListingStateEnum": "labeling.models.ListingState",
        "MediaKindEnum": "labeling.models.MediaKind",
        "MediaStateEnum": "labeling.models.MediaState",
        "PartStateEnum": "labeling.models.PartState",
        # Of rules and watches alike.
        "SwitchStateEnum": "labeling.models.RuleState",
        "StageEnum": "labeling.models.Stage",
        "PromptStateEnum": ["waiting", "no_worker", "done", "superseded", "failed"],
        "NotificationKindEnum": "labeling.models.NotificationKind",
        "WebhookFormatEnum": "labeling.models.WebhookFormat",
        "WebhookStateEnum": "labeling.models.WebhookState",
        "SeriesKindEnum": "labeling.models.media.SERIES_CHOICES",
        "UploadStateEnum": "labeling.models.UploadState",
        "SpanKindEnum": ["whole", "seed", "fixed"],
        "TrackEnum": ["track"],
        "WorkerHoldEnum": "labeling.models.WorkerHold",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname:7} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LABELYARD_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # It says every request.
        "httpx2": {"level": "WARNING"},
    },
}

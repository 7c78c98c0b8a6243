"""One settings file for development, tests and production; what differs is read from the environment."""

from pathlib import Path
from typing import Any

import dj_database_url
import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from cooperation_portal import env

BASE_DIR = Path(__file__).resolve().parent.parent
# What a running portal writes beside its database: collected static files, the schedule of beat, the sample's password.
VAR_DIR = Path(env.text("PORTAL_VAR", str(BASE_DIR / "var")))
# Uploaded files and pictures, under random names; web and workers share the folder. Never below a served one.
FILES_DIR = Path(env.text("PORTAL_FILES", str(VAR_DIR / "files")))

# --- Which portal this is ---------------------------------------------------------------------------------------------

PORTAL_MODE = env.choice("PORTAL_MODE", ("development", "test", "production"), "development")
PRODUCTION = PORTAL_MODE == "production"
DEBUG = PORTAL_MODE == "development" and env.flag("DEBUG", default=False)
SECRET_KEY = env.text(
    "SECRET_KEY",
    None if PRODUCTION else "for development and tests only, never for data that matters",
    purpose="a long random text that signs sessions and tokens",
)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
PORTAL_URL = env.text("PORTAL_URL", None if PRODUCTION else "http://localhost:8000", purpose="the address people open")
PORTAL_NAME_KO = env.text("PORTAL_NAME_KO", "국제기술협력 포털")
PORTAL_NAME_EN = env.text("PORTAL_NAME_EN", "International Technology Cooperation Portal")
PORTAL_OFFICE_KO = env.text("PORTAL_OFFICE_KO", "기술협력혁신센터")
PORTAL_OFFICE_EN = env.text("PORTAL_OFFICE_EN", "Innovation Centre for Technology Cooperation")
# The banner of an official site of the Korean government: only an operator who is one may switch it on.
PORTAL_OFFICIAL_MASTHEAD = env.flag("PORTAL_OFFICIAL_MASTHEAD", default=False)
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", None if PRODUCTION else "localhost,127.0.0.1,[::1],testserver", purpose="the portal's host names"
)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# --- Applications -----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "cooperation_portal.home",
    "projects.results",
    "projects.funded",
    "experts",
    "matching.triage",
    "matching.learning",
    "matching.scoring",
    "matching.demands",
    "matching.catalogue",
    "cooperation_portal.network",
    "cooperation_portal.exchange",
    "cooperation_portal.pages",
    "cooperation_portal.notices",
    "cooperation_portal.files",
    "cooperation_portal.work",
    "cooperation_portal.accounts",
    "cooperation_portal.audit",
    "cooperation_portal.taxonomy",
    "cooperation_portal.shared",
    "django.contrib.admin.apps.SimpleAdminConfig",  # its pages are registered one by one in home.administration
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "cooperation_portal.shared.apps.PortalStaticFilesConfig",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "pghistory",
    "pgtrigger",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cooperation_portal.accounts.middleware.LanguageMiddleware",
    "cooperation_portal.accounts.middleware.SignInRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cooperation_portal.audit.middleware.HistoryMiddleware",
    "cooperation_portal.shared.middleware.PrivatePagesMiddleware",
]

ROOT_URLCONF = "cooperation_portal.urls"
WSGI_APPLICATION = "cooperation_portal.wsgi.application"
FORM_RENDERER = "cooperation_portal.shared.forms_rendering.PortalFormRenderer"
CSRF_FAILURE_VIEW = "cooperation_portal.home.views.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cooperation_portal.home.context_processors.portal",
                "cooperation_portal.pages.context_processors.frame",
                "cooperation_portal.network.context_processors.acting",
            ],
        },
    }
]

# --- Data -------------------------------------------------------------------------------------------------------------

# Two database roles: "default" runs the portal and may not change tables or history, "owner" only migrates.
_RUNS = env.text("DATABASE_URL", None if PRODUCTION else "postgres:///portal", purpose="the role that runs the portal")
_OWNS = env.text("DATABASE_OWNER_URL", "")
DATABASES = {"default": dj_database_url.parse(_RUNS, conn_max_age=60, conn_health_checks=True)}
if _OWNS:
    DATABASES["owner"] = dj_database_url.parse(_OWNS)
DATABASE_ROUTERS = ["cooperation_portal.audit.routers.OwnerOnlyMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL", None if PRODUCTION else "redis://localhost:6379/0", purpose="the queue and the cache")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.redis_client_url(REDIS_URL),
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # sessions survive a loss of the cache

# History: one row for each change, written by the database, with who and why in the same row (nothing to update later).
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CREATED_AT_FUNCTION = "clock_timestamp()"

# --- Work queue -------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True  # the truth is a row in PostgreSQL; a message only rings
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 1800
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Seoul"
WORK_SWEEP_SECONDS = env.integer("WORK_SWEEP_SECONDS", 30)
WORK_LEASE_SECONDS = env.integer("WORK_LEASE_SECONDS", 120)
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "index": {"task": "catalogue.index_missing", "schedule": 60, "options": {"expires": 60}},
    "references": {"task": "scoring.check_references", "schedule": 60, "options": {"expires": 60}},
    "kept-forms": {"task": "accounts.sweep_kept_forms", "schedule": 86400, "options": {"expires": 3600}},
    "failed-imports": {"task": "exchange.note_failures", "schedule": 60, "options": {"expires": 60}},
    "old-imports": {"task": "exchange.sweep", "schedule": 3600, "options": {"queue": "batch", "expires": 3600}},
    "lost-files": {"task": "files.remove_lost", "schedule": 86400, "options": {"queue": "batch", "expires": 3600}},
    "sweep": {"task": "work.sweep", "schedule": WORK_SWEEP_SECONDS, "options": {"expires": WORK_SWEEP_SECONDS}},
    **{
        f"heartbeat-{queue}": {
            "task": "work.beat",
            "schedule": 15,
            "args": [queue],
            "options": {"queue": queue, "expires": 15},
        }
        for queue in ("interactive", "batch")
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# --- People -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "cooperation_portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {"signup": "cooperation_portal.network.joining.forms.sign_up.SignUpForm"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
SESSION_COOKIE_AGE = 60 * env.integer("SESSION_IDLE_MINUTES", 30)
SESSION_SAVE_EVERY_REQUEST = True  # the age counts from the last request: an idle cut-off

# --- Language and time ------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English"), ("ru", "Русский"), ("ja", "日本語"), ("zh-hans", "简体中文")]
# A language is offered once its catalogue is complete (`manage.py check_translations` says which are).
PORTAL_LANGUAGES = env.words("PORTAL_LANGUAGES", "ko,en")
LOCALE_PATHS = [BASE_DIR / "cooperation_portal" / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True

# --- Pages and files --------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/krds/css", BASE_DIR / "node_modules" / "krds-uiux" / "resources" / "css"),
    ("vendor/krds/img", BASE_DIR / "node_modules" / "krds-uiux" / "resources" / "img"),
    ("vendor/pretendard/variable", BASE_DIR / "node_modules" / "pretendard-gov" / "dist" / "web" / "variable"),
]
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "cooperation_portal.files.uploads.LimitingUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Of the process that reads an uploaded spreadsheet; how long its rows are kept after the import ended.
IMPORT_MEMORY_MB = env.integer("IMPORT_MEMORY_MB", 600)
IMPORT_SECONDS = env.integer("IMPORT_SECONDS", 60)
IMPORT_KEPT_DAYS = env.integer("IMPORT_KEPT_DAYS", 30)

# --- Mail -------------------------------------------------------------------------------------------------------------

EMAIL_BACKEND = "cooperation_portal.notices.backends.OutboxBackend"
_SMTP = env.smtp("SMTP_URL")
if PRODUCTION and not _SMTP:
    raise ImproperlyConfigured("Set the environment variable SMTP_URL: without it no one could reset a password.")
globals().update(_SMTP)
MAIL_DELIVERY_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if _SMTP else "cooperation_portal.notices.backends.KeptBackend"
)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", None if PRODUCTION else "portal@localhost", purpose="the sender of mail")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Matching ---------------------------------------------------------------------------------------------------------

# "use" is built in; "remote" asks a server that speaks the OpenAI embeddings protocol.
MATCHING_ENCODER = env.choice("MATCHING_ENCODER", ("use", "remote"), "use")
MATCHING_ENCODER_URL = env.text("MATCHING_ENCODER_URL", "")
MATCHING_ENCODER_MODEL = env.text("MATCHING_ENCODER_MODEL", "")
MATCHING_ENCODER_KEY = env.text("MATCHING_ENCODER_KEY", "")
MATCHING_ENCODER_DIMENSIONS = env.integer("MATCHING_ENCODER_DIMENSIONS", 0)
MATCHING_ENCODER_VERSION = env.text("MATCHING_ENCODER_VERSION", "1")  # raised when the server's model was replaced
MATCHING_ENCODER_BATCH = env.integer("MATCHING_ENCODER_BATCH", 32)
MATCHING_ENCODER_SECONDS = env.integer("MATCHING_ENCODER_SECONDS", 30)
MATCHING_ENCODER_RETRIES = env.integer("MATCHING_ENCODER_RETRIES", 3)
# Where workers keep the catalogue ready for comparison; made anew whenever it is missing.
MATCHING_SNAPSHOTS_DIR = Path(env.text("PORTAL_SNAPSHOTS", str(VAR_DIR / "snapshots")))

# --- Security ---------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "microphone", "geolocation", "payment", "usb", "midi", "gyroscope")
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if PRODUCTION else "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 63072000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
if env.flag("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies in front of the portal are the operator's own: their word on a client's address is believed.
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXIES", 0)

# --- Logs -------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
}

TEST_RUNNER = "django.test.runner.DiscoverRunner"

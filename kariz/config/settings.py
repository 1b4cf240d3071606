"""Every setting of Kariz. What differs from one installation to the next comes from the environment (KARIZ_...)."""

from pathlib import Path

from environs import Env

from kariz.config.secret import secret_key

PACKAGE = Path(__file__).resolve().parent.parent
env = Env(prefix="KARIZ_")

# The data folder holds all that an installation keeps: database, files, secret key, collected static files.
DATA: Path = env.path("DATA", Path("data")).resolve()
DATA.mkdir(parents=True, exist_ok=True)

DEBUG: bool = env.bool("DEBUG", False)
SECRET_KEY: str = env.str("SECRET_KEY", "") or secret_key(DATA)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [".localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

# Apps

APPS = [
    "kariz.config",
    "kariz.accounts",
    "kariz.jobs",
    "kariz.notices",
    "kariz.core",
    "kariz.web",
    "kariz.records.organizations",
    "kariz.records.contacts",
    "kariz.records.interests",
    "kariz.records.products",
    "kariz.records.opportunities",
    "kariz.records.leads",
    "kariz.features.comments",
    "kariz.features.demo",
    "kariz.features.export",
    "kariz.features.transfer",
    "kariz.features.duplicates",
    "kariz.features.customize",
    "kariz.features.alerts",
    "kariz.features.insights",
    "kariz.features.profiles",
    "kariz.features.rights",
    "kariz.features.backups",
    "kariz.features.health",
]
INSTALLED_APPS = [
    *APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "kariz.web.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kariz.web.middleware.Previews",
    "kariz.web.middleware.SignInRequired",
    "kariz.accounts.middleware.PreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kariz.web.middleware.Fragments",
    "kariz.web.middleware.Refusals",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "kariz.config.urls"
WSGI_APPLICATION = "kariz.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kariz.web.shell.context",
            ],
        },
    }
]

# Database: SQLite in the data folder unless KARIZ_DATABASE_URL names a PostgreSQL

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA / 'kariz.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SQLITE_PRAGMAS = {
    "journal_mode": "WAL",  # readers never wait for the writer
    "synchronous": "NORMAL",  # safe with WAL: a power cut may lose the last commits, never the database
    "cache_size": -64_000,  # KiB
    "mmap_size": 256 * 1024 * 1024,
    "temp_store": "MEMORY",
    "journal_size_limit": 64 * 1024 * 1024,
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["CONN_MAX_AGE"] = None  # opening one anew reads the whole schema: 2 ms a request
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # take the write lock at the start, where waiting for it is possible
        "timeout": 20,
        "init_command": ";".join(f"PRAGMA {name}={value}" for name, value in SQLITE_PRAGMAS.items()),
    }
else:
    DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)

# People and their languages

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "web:sign_in"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "web:sign_in"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("fa", "فارسی"), ("tr", "Türkçe"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "kariz_language"  # chosen on the sign-in page
LOCALE_PATHS = [PACKAGE / "locale"]

# Files

MEDIA_ROOT = DATA / "files"
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "kariz.config.storage.HashedStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG  # serve straight from the source while it changes
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a bulk change names each ticked record

# Security. KARIZ_HTTPS says that people reach Kariz by https, through a proxy that sets X-Forwarded-Proto.

HTTPS: bool = env.bool("HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "kariz_session"
CSRF_COOKIE_NAME = "kariz_csrf"
X_FRAME_OPTIONS = "DENY"

# Log: one line each on standard error

LOG_LEVEL: str = env.str("LOG_LEVEL", "INFO").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "kariz": {"level": LOG_LEVEL},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.security.DisallowedHost": {
            "handlers": [],
            "level": "CRITICAL",
        },  # scanners would fill the log
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
}

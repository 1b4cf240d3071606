"""Every setting of Kariz. What differs from one installation to the next comes from the environment (KARIZ_...)."""

from datetime import timedelta
from pathlib import Path

from environs import Env

from kariz.config import directory
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
    "kariz.audit",
    "kariz.accounts",
    "kariz.jobs",
    "kariz.notices",
    "kariz.core",
    "kariz.web",
    "kariz.api",
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
    "kariz.features.webhooks",
    "kariz.features.audit",
    "kariz.features.privacy",
    "kariz.features.programs",
]
INSTALLED_APPS = [
    *APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",  # its table serves the release before this one; ours is in accounts
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
    "kariz.audit.middleware.Witness",
    "kariz.web.middleware.Previews",
    "kariz.web.middleware.SignInRequired",
    "kariz.web.admission.Admission",
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
    "wal_autocheckpoint": 8_000,  # pages: an import changes the same ones again and again before they are copied
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
AUTHENTICATION_BACKENDS = ["kariz.accounts.backends.NameBackend"]
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
PROXIES: int = env.int(
    "PROXIES", 1 if HTTPS else 0
)  # how many add to X-Forwarded-For before a request is here
URL: str = env.str("URL", "").rstrip(
    "/"
)  # where links in mails lead; else wherever the one who asks for them is
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SILENCED_SYSTEM_CHECKS = [
    "security.W021"
]  # to be preloaded by browsers is for the owner of the domain to decide
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Browsers take a cookie with this prefix from this very host only, over https.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}kariz_session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}kariz_csrf"
CSRF_COOKIE_HTTPONLY = True  # scripts read the token from the page
DEVICE_COOKIE_NAME = f"{COOKIE_PREFIX}kariz_device"  # see `web.devices`

# Signing in

SESSION_ENGINE = "kariz.accounts.sessions"
SESSION_IDLE = timedelta(hours=env.int("SESSION_IDLE_HOURS", 72))
SESSION_COOKIE_AGE = env.int("SESSION_DAYS", 30) * 24 * 3600
PASSWORD_HASHERS = [
    f"django.contrib.auth.hashers.{name}"
    for name in (
        "Argon2PasswordHasher",
        "PBKDF2PasswordHasher",
        "PBKDF2SHA1PasswordHasher",
        "ScryptPasswordHasher",
    )
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "kariz.accounts.passwords.LengthValidator"},
    {"NAME": "kariz.accounts.passwords.FamiliarNameValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
]
PASSWORD_RESET_TIMEOUT = env.int("RESET_LINK_HOURS", 24) * 3600

# Single sign-on with any OpenID provider; without a server, none.
OIDC_SERVER_URL: str = env.str("OIDC_SERVER_URL", "").rstrip("/")
OIDC_NAME: str = env.str("OIDC_NAME", "SSO")  # what the button calls it
OIDC_CLIENT_ID: str = env.str("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET: str = env.str("OIDC_CLIENT_SECRET", "")
OIDC_CREATE: bool = env.bool("OIDC_CREATE", False)  # whether people who are not known become users
OIDC_ROLE: str = env.str("OIDC_ROLE", "salesperson")
OIDC_DOMAINS: list[str] = env.list("OIDC_DOMAINS", [], subcast=str.lower)  # none: any

# An LDAP directory or Active Directory (`pip install kariz[ldap]`); without a server, none.
LDAP = directory.settings(env)
LDAP_ROLE: str = env.str("LDAP_ROLE", "salesperson")  # of those whom the directory brings
if LDAP:
    AUTHENTICATION_BACKENDS += ["kariz.accounts.directory.DirectoryBackend"]
    globals().update(LDAP)

# Mail; without a server none is sent, and administrators pass links on by hand.

SENDS_MAIL = bool(env.str("EMAIL_URL", ""))
globals().update(env.dj_email_url("EMAIL_URL", "dummy://"))
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", "kariz@localhost")

# Webhooks go to the internet alone, unless those of one's own network are meant to be reached.
WEBHOOK_ALLOW_PRIVATE: bool = env.bool("WEBHOOK_ALLOW_PRIVATE", False)
# Other programs: requests a minute for each token (0: no limit), and the sites whose scripts may read answers.

API_RATE: int = env.int("API_RATE", 600)
API_ORIGINS: list[str] = env.list("API_ORIGINS", [])

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

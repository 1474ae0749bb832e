"""Django's settings, derived from `onecity.site.configuration` and nothing else.

Owns: which applications make up the house and in what order. Refuses: environment variables; those are read in `configuration`.
"""

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from onecity.kernel.pack_discovery import django_apps
from onecity.site.configuration import Mode, configuration

_conf = configuration()
_source = Path(__file__).resolve().parent.parent
_root = _source.parent.parent

ONECITY_HOME = _conf.home
ENGINE = _conf.engine.value
GAP_FOLDER = _conf.gap_folder
DEMO_MODE = _conf.mode is Mode.DEMO
BASE_URL = _conf.base_url
SECRET_KEY = _conf.secret_key
DEBUG = _conf.debug
TRUSTED_PROXIES = _conf.trusted_proxies
ALLOWED_HOSTS = [*_conf.allowed_hosts, _conf.host, urlsplit(_conf.base_url).hostname or "localhost"]

# Low to high: declarations of packs are applied in this order.
HUBS = (
    "identity", "basemap", "process", "support", "catalog", "exchange", "registers", "opendata", "credential",
    "sensing", "service", "office", "governance", "market", "compute", "brain",
)  # fmt: skip


def _present(name: str) -> bool:
    return (_source / "hubs" / name / "apps.py").exists()


INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "ninja",
    "procrastinate.contrib.django",
    "onecity.kernel",
    *(["onecity.ui"] if (_source / "ui" / "apps.py").exists() else []),
    *(f"onecity.hubs.{name}" for name in HUBS if _present(name)),
    *(["onecity.simcity"] if (_source / "simcity" / "apps.py").exists() else []),
    *django_apps(),
    *(["onecity.web"] if (_source / "web" / "apps.py").exists() else []),
    "onecity.site",
]

MIDDLEWARE = [
    "onecity.site.proxies.TrustedProxies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "onecity.site.middleware.ContentPolicy",
    "onecity.site.middleware.RefuseNullBytes",
    "onecity.hubs.identity.pages.middleware.SessionMiddleware",
    "onecity.site.middleware.ChineseFirst",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    *(["onecity.hubs.identity.pages.middleware.ActorMiddleware"] if _present("identity") else []),
    "onecity.site.middleware.ReadableErrors",
]

ROOT_URLCONF = "onecity.site.urls"
WSGI_APPLICATION = "onecity.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                *(["onecity.ui.context.frame"] if find_spec("onecity.ui.context") else []),
            ],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    """Django's entry for a postgresql:// address; `?host=` names a socket folder."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "onecity",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or query.get("port", [""])[0]),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": _conf.database_pool, "timeout": 20}},
        "TEST": {"NAME": None},
    }


DATABASES = {"default": _database(_conf.database_url or "postgresql:///onecity?host=/nonexistent")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Memory-hard; about 50 ms a login.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LOCALE_PATHS = [str(path) for path in sorted(_source.glob("**/locale")) if path.parent.name != "tests"]

STATIC_URL = "/static/"
STATIC_ROOT = str(_conf.home / "static")
STATICFILES_DIRS = [str(path) for path in [_root / "build" / "static"] if path.exists()]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
FORM_RENDERER = (
    "django.forms.renderers.TemplatesSetting" if not find_spec("onecity.ui.forms") else "onecity.ui.forms.Renderer"
)

SESSION_ENGINE = "onecity.hubs.identity.models.session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _conf.secure_cookies
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SECURE = _conf.secure_cookies
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": str(_conf.log_level)},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "psycopg.pool": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "pyhanko": {"level": "WARNING"},
    },
}

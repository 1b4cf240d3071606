"""The settings of django-auth-ldap, from the environment (KARIZ_LDAP_...)."""

from __future__ import annotations

from typing import Any

from environs import Env, EnvError

TIMEOUT_SECONDS = 10


def settings(env: Env) -> dict[str, Any]:
    """Nothing where no directory is named. Raises `EnvError` where one is, but cannot be used."""
    url = env.str("LDAP_URL", "")
    if not url:
        return {}
    try:
        import ldap
        from django_auth_ldap.config import LDAPSearch
    except ImportError:
        raise EnvError(
            "KARIZ_LDAP_URL is set, but LDAP is not installed: pip install 'kariz[ldap]'."
        ) from None
    base = env.str("LDAP_USERS")  # such as ou=people,dc=example,dc=com
    chosen = env.str("LDAP_FILTER", "(uid=%(user)s)")  # Active Directory: (sAMAccountName=%(user)s)
    if "%(user)s" not in chosen:
        raise EnvError("KARIZ_LDAP_FILTER must contain %(user)s, which stands for the name that was typed.")
    starts_tls = env.bool("LDAP_START_TLS", url.startswith("ldap://"))
    return {
        "AUTH_LDAP_SERVER_URI": url,
        "AUTH_LDAP_START_TLS": starts_tls,
        "AUTH_LDAP_BIND_DN": env.str("LDAP_BIND_DN", ""),
        "AUTH_LDAP_BIND_PASSWORD": env.str("LDAP_BIND_PASSWORD", ""),
        "AUTH_LDAP_USER_SEARCH": LDAPSearch(base, ldap.SCOPE_SUBTREE, chosen),
        "AUTH_LDAP_USER_ATTR_MAP": {
            "name": env.str("LDAP_NAME_ATTRIBUTE", "cn"),
            "email": env.str("LDAP_EMAIL_ATTRIBUTE", "mail"),
        },
        "AUTH_LDAP_NO_NEW_USERS": not env.bool("LDAP_CREATE", False),
        "AUTH_LDAP_CONNECTION_OPTIONS": {
            ldap.OPT_NETWORK_TIMEOUT: TIMEOUT_SECONDS,
            ldap.OPT_TIMEOUT: TIMEOUT_SECONDS,
            ldap.OPT_REFERRALS: 0,
        },
    }

"""LDAP: the settings that come of the environment, as far as this goes without a directory."""

import sys
from types import ModuleType, SimpleNamespace

import pytest
from environs import Env, EnvError

from kariz.accounts import people
from kariz.config import directory


@pytest.fixture
def library(monkeypatch):
    """What stands for python-ldap and django-auth-ldap: the names that we use of them."""
    ldap = ModuleType("ldap")
    vars(ldap).update(SCOPE_SUBTREE=2, OPT_NETWORK_TIMEOUT=20485, OPT_TIMEOUT=20482, OPT_REFERRALS=8)
    config = ModuleType("django_auth_ldap.config")
    vars(config).update(LDAPSearch=lambda *told: told)
    backend = ModuleType("django_auth_ldap.backend")
    vars(backend).update(LDAPBackend=object)
    package = ModuleType("django_auth_ldap")
    for module in (ldap, package, config, backend):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.delitem(sys.modules, "kariz.accounts.directory", raising=False)


def settings(monkeypatch, **told):
    for name, value in told.items():
        monkeypatch.setenv(f"KARIZ_LDAP_{name}", value)
    return directory.settings(Env(prefix="KARIZ_"))


def test_without_a_directory_nothing_is_asked_of_the_library():
    assert directory.settings(Env(prefix="KARIZ_")) == {}


def test_without_the_library_the_command_that_brings_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "ldap", None)
    with pytest.raises(EnvError, match="pip install 'kariz\\[ldap\\]'"):
        settings(monkeypatch, URL="ldaps://ldap.example.com")


def test_an_openldap_directory(monkeypatch, library):
    found = settings(monkeypatch, URL="ldap://ldap.example.com", USERS="ou=people,dc=example,dc=com")
    assert found["AUTH_LDAP_SERVER_URI"] == "ldap://ldap.example.com"
    assert found["AUTH_LDAP_START_TLS"]
    assert found["AUTH_LDAP_USER_SEARCH"] == ("ou=people,dc=example,dc=com", 2, "(uid=%(user)s)")
    assert found["AUTH_LDAP_NO_NEW_USERS"]
    assert found["AUTH_LDAP_CONNECTION_OPTIONS"][20485] == 10


def test_an_active_directory(monkeypatch, library):
    found = settings(
        monkeypatch,
        URL="ldaps://ad.example.com",
        USERS="dc=example,dc=com",
        FILTER="(sAMAccountName=%(user)s)",
        BIND_DN="cn=kariz,dc=example,dc=com",
        BIND_PASSWORD="secret",
        NAME_ATTRIBUTE="displayName",
        CREATE="true",
    )
    assert not found["AUTH_LDAP_START_TLS"]
    assert (found["AUTH_LDAP_BIND_DN"], found["AUTH_LDAP_BIND_PASSWORD"]) == (
        "cn=kariz,dc=example,dc=com", "secret",
    )  # fmt: skip
    assert found["AUTH_LDAP_USER_ATTR_MAP"] == {"name": "displayName", "email": "mail"}
    assert not found["AUTH_LDAP_NO_NEW_USERS"]


@pytest.mark.parametrize(
    ("told", "match"), [({}, "LDAP_USERS"), ({"FILTER": "(uid=x)", "USERS": "x"}, "%.user.s")]
)
def test_what_is_missing_is_told(monkeypatch, library, told, match):
    with pytest.raises(EnvError, match=match):
        settings(monkeypatch, URL="ldaps://ldap.example.com", **told)


@pytest.mark.django_db
def test_people_are_matched_by_their_usernames_and_new_ones_get_the_role_of_the_settings(library, settings):
    from kariz.accounts.directory import DirectoryBackend

    settings.LDAP_ROLE = "telemarketer"
    elif_ = people.create("elif", "pars-sanat-40")[0]
    backend = DirectoryBackend()
    assert backend.get_or_build_user("ELIF", SimpleNamespace()) == (elif_, False)
    made, is_new = backend.get_or_build_user("Can", SimpleNamespace())
    assert (made.username, made.role_id, is_new, made.has_usable_password()) == (
        "can",
        "telemarketer",
        True,
        False,
    )

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from pytest_django import DjangoAssertNumQueries

from kariz import notices
from kariz.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def sara() -> Any:
    return get_user_model().objects.create_user("sara")


@pytest.fixture
def deniz() -> Any:
    return get_user_model().objects.create_user("deniz")


def tell(*users: Any, name: str = "Acme") -> None:
    notices.tell(users, "Deleted %(name)s.", params={"name": name}, url="/leads/7/")


def test_many_are_told_in_one_statement_and_each_once(
    sara: Any, deniz: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        tell(sara, deniz, sara)
    assert notices.unread_count(sara) == notices.unread_count(deniz) == 1


def test_a_notice_is_told_in_the_language_of_its_reader(sara: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(sara)
    monkeypatch.setattr(
        "kariz.notices.models.gettext", {"Deleted %(name)s.": "%(name)s silindi."}.__getitem__
    )
    (notice,) = notices.recent(sara, 5)
    assert (str(notice), notice.url, notice.kind) == ("Acme silindi.", "/leads/7/", "info")


def test_a_text_whose_placeholder_has_no_value_is_refused(sara: Any) -> None:
    with pytest.raises(KeyError, match="name"):
        notices.tell([sara], "Deleted %(name)s.", params={}, url="")
    assert not Notice.objects.exists()


def test_the_newest_come_first_and_only_ones_own(sara: Any, deniz: Any) -> None:
    for name in ("one", "two", "three"):
        tell(sara, name=name)
    tell(deniz, name="other")
    assert [notice.params["name"] for notice in notices.recent(sara, 2)] == ["three", "two"]


def test_reading_marks_ones_own_notices_only(sara: Any, deniz: Any) -> None:
    tell(sara, deniz)
    tell(sara)
    (of_deniz,) = notices.recent(deniz, 1)
    newest = notices.recent(sara, 1)[0]
    assert notices.mark_read(sara, [newest.pk, of_deniz.pk]) == 1
    assert (notices.unread_count(sara), notices.unread_count(deniz)) == (1, 1)
    assert notices.mark_read(sara, None) == 1
    assert (notices.unread_count(sara), notices.unread_count(deniz)) == (0, 1)


def test_the_unread_are_counted_up_to_a_cap(sara: Any) -> None:
    Notice.objects.bulk_create(Notice(user=sara, msgid="Hello.") for _ in range(150))
    assert notices.unread_count(sara) == notices.MOST_COUNTED


def test_the_same_key_rings_once_for_each_person(sara: Any, deniz: Any) -> None:
    for told in ([sara], [sara, deniz]):
        notices.tell(told, "Deleted %(name)s.", params={"name": "Acme"}, url="/leads/7/", key="deleted 7")
    assert (notices.unread_count(sara), notices.unread_count(deniz)) == (1, 1)

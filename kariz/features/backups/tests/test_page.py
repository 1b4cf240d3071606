"""Administrators see the backups, make one, fetch it, and have one made every day; everybody else does not."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from kariz.accounts import company, people
from kariz.accounts.models import User
from kariz.accounts.roles import ShippedRole
from kariz.core import records, registry
from kariz.features.backups import daily, making, rows, snapshots
from kariz.features.backups.models import BackupSetting
from kariz.jobs import worker
from kariz.jobs.models import Job
from kariz.notices.models import Notice

PAGE = "/settings/backups/"


@pytest.fixture
def place(db):
    """The folder of the backups, empty."""
    company.forget()
    shutil.rmtree(making.folder())
    yield making.folder()
    shutil.rmtree(making.folder())
    company.forget()


@pytest.fixture
def boss(place):
    return people.create("boss", role=ShippedRole.ADMINISTRATOR)[0]


@pytest.fixture
def browse(boss):
    def browse(user=boss):
        client = Client()
        client.force_login(user)
        return client

    return browse


@pytest.fixture
def quick(monkeypatch):
    """Backups that are not verified, which takes a process of its own."""
    monkeypatch.setattr(making, "_verify", lambda path: None)


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_made_on_request_and_fetched(browse, quick, place):
    client = browse()
    assert "No backup has been made yet" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}make/")
    client.post(f"{PAGE}make/")
    assert Job.objects.filter(name=making.TASK).count() == 1
    assert "about to start" in client.get(PAGE).content.decode()
    worker.drain()
    [path] = place.glob("*.zip")
    shown = client.get(PAGE).content.decode()
    assert path.name in shown
    assert "found equal" in shown
    fetched = client.get(f"{PAGE}{path.name}/")
    assert b"".join(fetched.streaming_content) == path.read_bytes()
    client.post(f"{PAGE}{path.name}/delete/")
    assert not path.exists()


@pytest.mark.parametrize("name", ["..%2Fsecret_key", "secret_key", ".part", "kariz-x.zip"])
def test_nothing_but_backups_is_fetched(browse, place, name):
    (place / "secret_key").write_text("key")
    assert browse().get(f"{PAGE}{name}/").status_code == 404
    assert browse().post(f"{PAGE}{name}/delete/").status_code == 404


def test_backups_are_for_administrators(browse, place):
    head = people.create("head", role=ShippedRole.HEAD_OF_SALES)[0]
    (place / "kariz-1.zip").write_text("everything")
    client = browse(head)
    for address in (PAGE, f"{PAGE}state/", f"{PAGE}kariz-1.zip/"):
        assert client.get(address).status_code == 403
    for address in (PAGE, f"{PAGE}make/", f"{PAGE}kariz-1.zip/delete/"):
        assert client.post(address).status_code == 403
    assert (place / "kariz-1.zip").exists()


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_fails_is_told_to_the_administrators(browse, place, monkeypatch):
    def fail(path):
        raise making.Failed("The disk is full.")

    monkeypatch.setattr(making, "_verify", fail)
    client = browse()
    client.post(f"{PAGE}make/")
    worker.drain()
    assert "The disk is full." in client.get(PAGE).content.decode()
    assert Notice.objects.get().url == PAGE
    assert not list(place.glob("*.zip"))


def test_the_daily_backup_is_asked_for_once_when_its_hour_has_come(browse, monkeypatch):
    client = browse()
    assert client.post(PAGE, {"is_daily": "on", "hour": "3", "kept": "2"}).status_code == 302
    now = datetime(2026, 3, 10, 2, 30, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    def asked():
        daily.back_up_daily(None)
        return Job.objects.filter(name=making.TASK).count()

    assert asked() == 0
    now += timedelta(hours=1)
    assert asked() == 1
    Job.objects.filter(name=making.TASK).delete()
    assert asked() == 0
    now += timedelta(days=1)
    assert asked() == 1


def test_nothing_is_made_daily_unless_somebody_wants_it(boss):
    daily.back_up_daily(None)
    assert not Job.objects.filter(name=making.TASK).exists()


def test_old_daily_backups_go_and_those_made_by_hand_stay(place):
    BackupSetting.objects.create(pk=1, kept=2)
    for day in (1, 2, 3):
        (place / f"kariz-2026010{day}-030000-daily.zip").touch()
    (place / "kariz-20250101-030000.zip").touch()
    daily.thin_out()
    left = {path.name for path in place.iterdir()}
    assert left == {
        "kariz-20260102-030000-daily.zip", "kariz-20260103-030000-daily.zip", "kariz-20250101-030000.zip"
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_of_one_moment_whatever_is_written_meanwhile(boss):
    contact = registry.get("contact")
    [table] = [one for one in rows.tables() if one.name == "contacts_contact"]
    records.save(contact, contact.model(), {"name": "Before"}, user=boss)
    with snapshots.taken() as snapshot:
        assert snapshot.count(table) == 1
        records.save(contact, contact.model(), {"name": "After"}, user=boss)
        assert b"After" not in b"".join(snapshot.lines(table))
    assert contact.model.objects.count() == 2


@pytest.mark.parametrize(
    "text", ["plain", "tab\tnew\nline\r\\N \\ \\t", "\b\f\v", "سلام، ışık 🙂", "", "\\N"]
)
@pytest.mark.django_db(transaction=True)
def test_every_text_is_the_same_line_on_every_database(text, boss):
    User.objects.filter(pk=boss.pk).update(name=text)
    [table] = [one for one in rows.tables() if one.name == "accounts_user"]
    with snapshots.taken() as snapshot:
        [line] = rows.lines(snapshot.lines(table))
    values = dict(
        zip([column.name for column in table.columns], rows.reader(table.columns)(line), strict=True)
    )
    assert values["name"] == text
    assert values["team_id"] is None
    assert rows.writer(table.columns)(list(values.values())) == f"{line}\n"

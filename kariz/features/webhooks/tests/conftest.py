import pytest
from django.utils import timezone

from kariz.accounts import company
from kariz.core import records, registry
from kariz.features.webhooks import subscriptions
from kariz.features.webhooks.models import Webhook
from kariz.jobs import worker
from kariz.jobs.models import Job
from kariz.jobs.registry import schedules
from tests import cast as people
from tests.clock import clock  # noqa: F401  a fixture
from tests.receiver import listening

NEEDED = {"deliver_events", "send_webhooks"}


@pytest.fixture(autouse=True)
def fresh_company(db):
    company.forget()
    yield
    company.forget()


@pytest.fixture(autouse=True)
def only_the_schedules_of_webhooks(monkeypatch):
    for name in set(schedules) - NEEDED:
        monkeypatch.delitem(schedules, name)


@pytest.fixture(autouse=True)
def own_network_allowed(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.fixture
def cast(db):
    return people.gather()


@pytest.fixture
def shirin(cast):
    """The administrator's browser."""
    return people.signed_in(cast.shirin)


@pytest.fixture
def receiver():
    with listening() as found:
        yield found


@pytest.fixture
def work():
    """Let the worker do all that is due; it is time for what comes round every few seconds."""

    def drain():
        Job.objects.filter(every__isnull=False).update(run_at=timezone.now())
        worker.drain()

    return drain


@pytest.fixture
def hook(cast, receiver):
    """A webhook to the receiver that hears of everything that happens to organizations, as the administrator."""

    def make(**attributes):
        usual = {
            "name": "Accounting",
            "url": receiver.url(),
            "owner": cast.shirin,
            "record_types": ["organization"],
            "kinds": ["created", "updated", "deleted"],
        }
        webhook = Webhook(**usual | attributes)
        subscriptions.keep(webhook)
        return webhook

    return make


@pytest.fixture
def save(cast):
    """Make or change an organization; as the administrator where nobody is named."""

    def saved(record=None, *, user=cast.shirin, **values):
        kind = registry.get("organization")
        values = values if record else {"name": "Ege Teknik", **values}
        return records.save(kind, record or kind.model(), values, user=user)

    return saved

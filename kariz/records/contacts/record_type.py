"""What Kariz knows of contacts."""

from django.utils.translation import gettext_lazy as _

from kariz.core.drafts import Draft
from kariz.core.registry import Block, RecordType, View, register
from kariz.records.contacts import phones
from kariz.records.contacts.models import Contact
from kariz.records.contacts.sources import SALUTATIONS, SOURCES
from kariz.records.organizations.addresses import ADDRESS
from kariz.records.organizations.record_type import RIGHTS, UNDER_FILLED

OTHER_ADDRESS = tuple(f"other_{part}" for part in ADDRESS if part != "po_box")


@register
class ContactType(RecordType):
    model = Contact
    label = _("Contact")
    plural = _("Contacts")
    icon = "user"
    position = 20
    subtitle = "job_title"
    columns = ("name", "organization", "job_title", "phone", "email", "owner", "completeness")
    quick = ("name", "organization", "job_title", "phone", "email")
    highlights = ("organization", "job_title", "phone", "email", "owner")
    search = (
        "name", "email", "other_email", "phone", "mobile", "home_phone", "other_phone", "personal_number",
    )  # fmt: skip
    sort = "name"
    board = "source"
    card = ("organization", "job_title", "phone", "owner")
    origin = ("lead",)
    together = (("phone", *phones.VERIFICATION), ADDRESS, OTHER_ADDRESS)
    trees = ("reports_to",)
    rights = RIGHTS
    layout = (
        Block("main", _("Contact"), (
            "salutation", "name", "owner", "organization", "job_title", "department", "reports_to", "is_authorised",
        )),
        Block("reach", _("How to reach them"), (
            "phone", "mobile", "home_phone", "other_phone", "fax", "email", "other_email", "website", "social_profiles",
            "is_do_not_call", "is_opted_out", "is_phone_verified", "phone_verified_at", "phone_verified_by",
        )),
        Block("person", _("Person"), (
            "birthday", "source", "is_reference", "assistant", "assistant_phone", "personal_number",
        )),
        Block("address", _("Address"), ADDRESS),
        Block("other_address", _("Other address"), OTHER_ADDRESS),
        Block("more", _("More"), ("needs", "description", "lead")),
    )  # fmt: skip
    expected = (
        "salutation", "name", "organization", "job_title", "department", "phone", "mobile", "email", "birthday",
        "source", "street", "city", "postal_code", "country", "needs",
    )  # fmt: skip
    views = (
        View("all", _("All contacts")),
        View("mine", _("My contacts"), {"all": [["owner", "is_me"]]}),
        View("new", _("New this month"), {"all": [["created_at", "this_month"]]}, "-created_at"),
        View("people", _("Without organization"), {"all": [["organization", "empty"]]}),
        View("from_leads", _("Made from leads"), {"all": [["lead", "not_empty"]]}, "-created_at"),
        View("under_filled", _("Under-filled"), UNDER_FILLED, "completeness"),
        View("unverified", _("Unverified phones"), phones.UNVERIFIED),
    )
    choices = {"salutation": SALUTATIONS, "source": SOURCES}

    def prepare(self, draft: Draft) -> None:
        phones.forget_changed(draft)

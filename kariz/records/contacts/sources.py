"""Where customers come from, and how they are addressed: choices that several record types ship."""

from django.utils.translation import gettext_noop as _

from kariz.core.choices import Seed

SOURCES = (
    Seed("website", _("Website"), "blue"),
    Seed("email", _("E-mail"), "blue"),
    Seed("phone", _("Phone call"), "teal"),
    Seed("sms", _("SMS"), "teal"),
    Seed("social_media", _("Social media"), "violet"),
    Seed("search_ads", _("Search advertising"), "violet"),
    Seed("campaign", _("Campaign"), "violet"),
    Seed("webinar", _("Webinar"), "violet"),
    Seed("blog", _("Blog"), "violet"),
    Seed("trade_fair", _("Trade fair"), "amber"),
    Seed("conference", _("Conference"), "amber"),
    Seed("business_card", _("Business card"), "amber"),
    Seed("cold_call", _("Cold call"), "orange"),
    Seed("own_effort", _("Own effort"), "orange"),
    Seed("existing_network", _("Existing network"), "green"),
    Seed("existing_customer", _("Existing customer"), "green"),
    Seed("word_of_mouth", _("Word of mouth"), "green"),
    Seed("referral", _("Referral"), "green"),
    Seed("employee", _("Employee"), "green"),
    Seed("partner", _("Partner"), "teal"),
    Seed("third_party", _("Third party"), "grey"),
    Seed("purchased_list", _("Purchased list"), "grey"),
    Seed("direct_mail", _("Direct mail"), "grey"),
    Seed("public_relations", _("Public relations"), "grey"),
    Seed("other", _("Other"), "grey"),
)
SALUTATIONS = (
    Seed("mr", _("Mr.")),
    Seed("ms", _("Ms.")),
    Seed("mrs", _("Mrs.")),
    Seed("dr", _("Dr.")),
    Seed("prof", _("Prof.")),
    Seed("eng", _("Eng.")),
)

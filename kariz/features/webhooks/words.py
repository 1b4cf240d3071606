"""What is said of failures, for those who set a webhook up."""

from django.utils.translation import gettext_lazy as _

FAILURES = {
    "scheme": _("Only addresses that begin with https:// or http:// are called."),
    "host": _("This is no web address. Enter one such as https://example.com/hook."),
    "port": _("The port must be 80, 443 or above 1023."),
    "credentials": _(
        "Leave the user name and password out of the address; the receiver checks the signature."
    ),
    "address": _(
        "The address is one of a private network, which webhooks do not reach. Whoever runs Kariz can allow it "
        "with KARIZ_WEBHOOK_ALLOW_PRIVATE."
    ),
    "name": _("There is no machine of this name."),
    "connection": _("No connection could be made."),
    "tls": _("The certificate of the receiver is not trusted."),
    "timeout": _("There was no whole answer within ten seconds."),
    "answer": _("What came back was no answer of a web server."),
    "status": _("The receiver did not answer with success (2xx). Redirects are not followed."),
}
"""By the `code` of `outgoing.Failure`, and for an answer that says no."""

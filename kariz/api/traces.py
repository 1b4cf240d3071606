"""What is kept for programs and may name a person: names of tokens, and answers for those who send again."""

from django.utils.translation import gettext_lazy as _

from kariz.api import idempotency
from kariz.api.models import KeptAnswer, Token
from kariz.core import erasing, keeping
from kariz.core.erasing import Mentioned

erasing.add(
    "tokens", _("API tokens that name the person"), Mentioned(Token, ("name",), is_small=True), position=78
)
erasing.add("kept_answers", _("Answers to programs"), Mentioned(KeptAnswer, ("body",)), position=79)
keeping.say(_("Answers to programs, for those who send again"), idempotency.KEPT)

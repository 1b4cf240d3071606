"""Which mailbox an e-mail address leads to, and to which firm an address or a web address belongs."""

from urllib.parse import urlsplit

from kariz.lib.text import fold

# Where anybody has an address: the domain says nothing of a firm.
FREE = frozenset(
    "gmail.com googlemail.com yahoo.com ymail.com rocketmail.com hotmail.com outlook.com live.com msn.com icloud.com"  # noqa: SIM905  words
    " me.com mac.com aol.com gmx.com gmx.de web.de mail.com mail.ru yandex.com yandex.ru proton.me protonmail.com"
    " zoho.com chmail.ir mailfa.com mihanmail.ir rayana.ir mynet.com hotmail.com.tr yahoo.com.tr windowslive.com qq.com"
    " linkedin.com instagram.com facebook.com t.me telegram.me wa.me twitter.com x.com youtube.com aparat.com".split()
)
_DOTLESS = frozenset({"gmail.com", "googlemail.com"})  # which do not read the dots of a name


def mailbox(address: str) -> str:
    """The address that others lead to as well: without its `+tag`; empty where it is none."""
    name, at, domain = fold(address).rpartition("@")
    name = name.partition("+")[0]
    if domain in _DOTLESS:
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}{at}{domain}" if name and domain else ""


def domain(address: str) -> str:
    """The domain of an e-mail or a web address, in lower case and without `www.`; empty for one that anybody uses."""
    text = fold(address)
    if "@" in text and "://" not in text:
        found = text.rpartition("@")[2]
    else:
        try:
            found = urlsplit(text if "://" in text else f"https://{text}").hostname or ""
        except ValueError:
            return ""
    found = found.removeprefix("www.").rstrip(".")
    return "" if found in FREE or "." not in found else found

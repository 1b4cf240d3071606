import pytest

from kariz.lib.mailboxes import domain, mailbox


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("Sara+News@Example.com", "sara@example.com"),
        ("s.ara@googlemail.com", "sara@gmail.com"),
        ("s.ara@example.com", "s.ara@example.com"),
        ("nobody", ""),
        ("+tag@example.com", ""),
    ],
)
def test_addresses_that_lead_to_one_mailbox_are_one(address, same):
    assert mailbox(address) == same


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("sara@Arman.ir", "arman.ir"),
        ("https://www.arman.ir/about?x=1", "arman.ir"),
        ("arman.ir", "arman.ir"),
        ("sara@gmail.com", ""),
        ("https://instagram.com/arman", ""),
        ("http://[bad", ""),
        ("arman", ""),
    ],
)
def test_a_domain_tells_the_firm_unless_anybody_uses_it(address, found):
    assert domain(address) == found

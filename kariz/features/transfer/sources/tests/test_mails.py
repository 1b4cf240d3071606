"""Saved e-mails are read as their senders, one message or a whole mailbox."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from kariz.features.transfer.sources import Unread, recognise


def written(sender: str, text: str = "Please call me.", **headers: str) -> bytes:
    message = EmailMessage()
    for name, value in {
        "Received": "by mail.example",
        "From": sender,
        "To": "sales@kariz.example",
        **headers,
    }.items():
        message[name] = value
    message.set_content(text)
    return message.as_bytes()


@pytest.mark.covers("R262")
def test_a_message_is_its_sender(tmp_path: Path) -> None:
    path = tmp_path / "request.eml"
    path.write_bytes(
        written("Şirin Çelik <sirin@egeteknik.com.tr>", "سلام، لطفاً تماس بگیرید", Subject="قیمت")
    )
    source = recognise(path)
    assert source.suggested == "contact"
    [row] = source.rows()
    assert row == [
        "Şirin Çelik",
        "sirin@egeteknik.com.tr",
        "egeteknik.com.tr",
        "قیمت",
        "",
        "سلام، لطفاً تماس بگیرید",
    ]
    assert source.suggest(["name", "email", "organization", "description"])["Company"] == "organization"


def test_a_mailbox_has_a_row_for_each_message_and_the_broken_one_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox"
    mark = b"From someone@example.com Mon Nov 23 09:00:00 2026\n"
    good = [written("Ada <ada@gmail.com>"), written("bob@acme.example", Organization="Acme")]
    path.write_bytes(mark + good[0] + b"\n" + mark + b"Subject: nobody\n\nhello\n\n" + mark + good[1])
    ada, nobody, bob = recognise(path).rows()
    assert ada[:3] == ["Ada", "ada@gmail.com", ""]
    assert isinstance(nobody, Unread)
    assert nobody.reason == "This message does not say who sent it."
    assert bob[:3] == ["bob", "bob@acme.example", "Acme"]


def test_a_table_with_a_colon_in_its_head_stays_a_table(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("From: city,To: city\nIzmir,Tabriz\n")
    assert recognise(path).format == "delimited"

"""Asking the jobs to send: one that waits is enough for each webhook."""

from kariz import jobs

SEND = "send_webhook"
SEND_ONE = "send_one_delivery"
PRIORITY = -1  # what people wait for goes first


def have_sent(webhook: int) -> None:
    """Have all that is due of this webhook sent after this transaction."""
    jobs.enqueue(SEND, priority=PRIORITY, unique_key=f"webhook {webhook}", webhook=webhook)


def have_one_sent(delivery: int) -> None:
    """Have this one tried, once, at once."""
    jobs.enqueue(SEND_ONE, delivery=delivery)

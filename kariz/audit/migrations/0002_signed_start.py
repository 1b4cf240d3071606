"""The log starts signed: one that has no end, not even that of an empty log, was taken away."""

from typing import Any

from django.db import migrations

from kariz.audit import signing


def start(apps: Any, schema_editor: Any) -> None:
    Chain, Entry = apps.get_model("audit", "Chain"), apps.get_model("audit", "Entry")
    if not Chain.objects.exists() and not Entry.objects.filter(number__isnull=False).exists():
        chain = Chain(pk=1)
        signing.sign(chain)
        chain.save()


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(start, migrations.RunPython.noop)]

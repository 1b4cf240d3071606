import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "payload",
                    models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
                ("priority", models.SmallIntegerField(default=0)),
                ("unique_key", models.CharField(blank=True, max_length=200)),
                ("every", models.DurationField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("run_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("worker", models.CharField(blank=True, max_length=100)),
                ("leased_until", models.DateTimeField(null=True)),
                ("done_count", models.PositiveBigIntegerField(default=0)),
                ("total_count", models.PositiveBigIntegerField(null=True)),
                ("message", models.CharField(blank=True, max_length=300)),
                (
                    "result",
                    models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True),
                ),
                ("error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["-priority", "run_at", "id"],
                        name="jobs_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "running")), fields=["leased_until"], name="jobs_leased"
                    ),
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["unique_key"],
                        name="jobs_unique_key",
                    ),
                    models.Index(fields=["finished_at"], name="jobs_finished"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("every__isnull", False)),
                        fields=("name",),
                        name="one_job_a_schedule",
                    )
                ],
            },
        ),
    ]

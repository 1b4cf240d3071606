from argparse import ArgumentParser
from io import StringIO
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connections

from kariz.config import assets, processes, schema
from kariz.features.demo import people, words


class Command(BaseCommand):
    help = "Serve Kariz: the web server and the job worker together."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument(
            "--port", type=int, default=8000, help="port, or the first free one above it (8000)"
        )
        parser.add_argument("--workers", type=int, default=2, help="web processes (2)")
        parser.add_argument("--threads", type=int, default=4, help="threads in each web process (4)")
        parser.add_argument(
            "--demo",
            nargs="?",
            const="en",
            choices=words.LANGUAGES,
            metavar="LANGUAGE",
            help="fill an empty database with a sample company, in English or in fa or tr",
        )
        parser.add_argument("--reload", action="store_true", help="start again when the source changes")

    def handle(self, *, host: str, port: int, demo: str | None, **options: Any) -> None:
        self.migrate_if_needed()
        if not settings.DEBUG:
            assets.collect_if_changed()
        if demo and not get_user_model().objects.exists():
            self.say("Making a sample company …")
            call_command("demo", language=demo, stdout=StringIO())
        connections.close_all()
        with processes.listen(host, port, on_busy=self.say_busy) as listener:
            self.say(f"Kariz is at http://{host}:{listener.getsockname()[1]}/  (Ctrl+C stops it)")
            self.say(f"Data folder: {settings.DATA}")
            self.say_sign_in()
            ended = processes.run_together(
                web(listener.fileno(), **options),
                ["kariz.config.cli", "worker"],
                pass_fds=[listener.fileno()],
            )
        if ended:
            raise CommandError("The web server stopped by itself; its log above says why.")

    def migrate_if_needed(self) -> None:
        if not schema.is_current():
            self.say("Bringing the database up to date …")
            schema.bring_up_to_date()

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def say_busy(self, port: int) -> None:
        self.say(f"Port {port} is in use; trying {port + 1}.")

    def say_sign_in(self) -> None:
        if not get_user_model().objects.exists():
            self.say("Nobody can sign in yet: `kariz createuser` makes the first user.")
        elif told := people.sign_ins():
            names = ", ".join(f"{user.username} ({user.role_name})" for user in told)
            self.say(f"The sample company: sign in as {names} with the password “{people.PASSWORD}”.")


def web(fd: int, *, workers: int, threads: int, reload: bool, **_: Any) -> list[str]:
    """The command of the web server that takes its connections from the open socket `fd`."""
    command = [
        "gunicorn",
        "kariz.config.wsgi",
        f"--bind=fd://{fd}",
        "--worker-class=gthread",
        "--no-control-socket",
    ]
    command += [f"--workers={workers}", f"--threads={threads}", "--log-level=warning"]
    return [*command, "--reload"] if reload else command

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Creates the users alice and bob, whose passwords are their names. For a demo only."

    def handle(self, *args, **options):
        if not settings.DEBUG:
            raise CommandError("Anybody can guess these passwords, so they are for a site with DEBUG only.")
        for name in ("alice", "bob"):
            if not User.objects.filter(username=name).exists():
                User.objects.create_user(name, password=name)
        self.stdout.write("You can sign in as alice (password alice) and as bob (password bob).")

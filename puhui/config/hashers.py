"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id at 19 MiB, two passes, one lane: Django's own default takes 100 MiB a login."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

"""Who the sandbox is: an account that no customer has."""

ACCOUNT = "000000000000"
"""AWS never gives this account id to a customer, so nothing real can carry it."""

ACCESS_KEY = "AKIASANDBOX000000000"
"""The access key of the sandbox's own user. It has the shape of a real one; it opens nothing."""

SECRET_KEY = "sandbox"  # noqa: S105 - it is no secret

PASSPHRASE = "sandbox"  # noqa: S105 - documented, so that the committed salt can be used

"""The error that a person can act on."""


class HostError(Exception):
    """Something that the user can put right; its text is the whole message."""

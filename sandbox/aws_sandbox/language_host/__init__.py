"""A Pulumi language host for Python: what the CLI calls `pulumi-language-python`.

The official Pulumi download has its own; this one is for machines where only package registries can be
reached. It is copied into the engine's cache and runs there by itself, so it imports nothing else of this
project.
"""

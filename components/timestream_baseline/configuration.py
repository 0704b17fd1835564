"""Stack configuration of the root program, turned into arguments."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import cast

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env, is_config_secret

from timestream_baseline.inputs import StackArgs
from timestream_baseline.inputs.baseline import TimestreamBaselineArgs


def arguments_from(
    project: str, configuration: Mapping[str, str], secrets: Collection[str] = ()
) -> StackArgs:
    """Turn every key of the project's namespace into an argument, known or not: the normaliser judges it.

    `secrets` are the keys that are secrets, as a whole or in a part.
    """
    prefix = f"{project}:"
    arguments = StackArgs(
        {
            key.removeprefix(prefix): _value(value)
            for key, value in configuration.items()
            if key.startswith(prefix)
        }
    )
    arguments.secrets = frozenset(key.removeprefix(prefix) for key in secrets if key.startswith(prefix))
    return arguments


def _value(text: str) -> object:
    """Read a value: structured ones arrive as JSON, text as it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def arguments_from_stack() -> TimestreamBaselineArgs:
    """Read the arguments of TimestreamBaseline from the configuration of the running stack."""
    configuration = {**get_config_env(), **CONFIG.get()}
    secrets = [key for key in configuration if is_config_secret(key)]
    return cast(TimestreamBaselineArgs, arguments_from(pulumi.get_project(), configuration, secrets))

"""boto3 that can reach one sandbox and nothing else, whatever the environment says.

Proxy, certificates and files are given explicitly: NO_PROXY, a lower-case variable, an endpoint variable or
a configuration file of the user would otherwise lead past the sandbox.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from botocore.config import Config


def session(directory: Path, credentials: Mapping[str, str], profile: str | None = None) -> boto3.Session:
    """Return a session that reads no file but the sandbox's own, and no profile that it is not given."""
    lower = botocore.session.Session(session_vars={"profile": (None, None, None, None)})
    lower.set_config_variable("config_file", str(directory / "aws-config"))
    lower.set_config_variable("credentials_file", str(directory / "aws-credentials"))
    lower.set_config_variable("ignore_configured_endpoint_urls", True)
    return boto3.Session(botocore_session=lower, profile_name=profile, **credentials)


def options(directory: Path, port: int, config: Config | None = None) -> dict[str, Any]:
    """Return what every client of the sandbox is made with."""
    proxy = f"http://127.0.0.1:{port}"
    through = Config(proxies={"https": proxy, "http": proxy})
    return {"verify": str(directory / "ca.pem"), "config": config.merge(through) if config else through}

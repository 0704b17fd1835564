"""The environment of a command that runs in the sandbox.

What could lead out is taken away (credentials, profiles, configuration files, endpoints, the
user's Pulumi account), and the sandbox's own proxy, certificates, credentials and Pulumi home are
put in.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from aws_sandbox.account import ACCESS_KEY, PASSPHRASE, SECRET_KEY

_TAKEN_AWAY = re.compile(
    # Everything of AWS and Pulumi, whatever it is: the lists of such variables grow.
    r"(AWS_|AMAZON_|BOTO|PULUMI_|MOTO_|EC2_METADATA).*"
    r"|(HTTP|HTTPS|ALL|FTP|NO)_PROXY|(http|https|all|ftp|no)_proxy"
    r"|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS"
)

NO_PROXY = "127.0.0.1,localhost"


def clean(ambient: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without anything that could lead to a real account."""
    return {name: value for name, value in ambient.items() if not _TAKEN_AWAY.fullmatch(name)}


def aws_environment(directory: Path, port: int, region: str | None = None) -> dict[str, str]:
    """Return the variables that lead AWS clients to the sandbox and nowhere else."""
    proxy = f"http://127.0.0.1:{port}"
    authority = str(directory / "ca.pem")
    variables = {
        "AWS_SANDBOX_DIRECTORY": str(directory),
        "HTTPS_PROXY": proxy,
        "https_proxy": proxy,
        "HTTP_PROXY": proxy,
        "http_proxy": proxy,
        "NO_PROXY": NO_PROXY,
        "no_proxy": NO_PROXY,
        "AWS_CA_BUNDLE": authority,
        "SSL_CERT_FILE": authority,
        "REQUESTS_CA_BUNDLE": authority,
        "CURL_CA_BUNDLE": authority,
        "NODE_EXTRA_CA_CERTS": authority,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_CONFIG_FILE": str(directory / "aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(directory / "aws-credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
    }
    if region:
        variables |= {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    return variables


def pulumi_environment(directory: Path) -> dict[str, str]:
    """Return the variables that give Pulumi a home and a backend of the sandbox's own.

    PULUMI_IGNORE_AMBIENT_PLUGINS is not among them: it would hide the provider on PATH.
    """
    return {
        "PULUMI_HOME": str(directory / "pulumi-home"),
        # Without metadata: the backend writes its sidecar files (.attrs) in place, and a CLI that is killed
        # meanwhile leaves an empty one, which reads as "failed to load checkpoint: EOF".
        "PULUMI_BACKEND_URL": f"file://{directory / 'state'}?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_CREDENTIAL_STORE": "plaintext",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_SKIP_CONFIRMATIONS": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
        "PULUMI_DISABLE_REGISTRY_RESOLVE": "1",
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "1",
    }


def search_path(directory: Path, engine: Sequence[Path], ambient: str) -> str:
    """Return PATH: the sandbox's provider, the engine, then what the user had."""
    return ":".join([str(directory / "bin"), *map(str, engine), *filter(None, [ambient])])


def prepare(directory: Path) -> None:
    """Make what the variables point to."""
    for name in ("bin", "pulumi-home", "state"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    for name in ("aws-config", "aws-credentials"):
        (directory / name).touch()
    (directory / ".gitignore").write_text("*\n")
    provider = directory / "bin" / "pulumi-resource-aws"
    # Others may start the same sandbox right now: each writes a file of its own, and the last one stays.
    with NamedTemporaryFile("w", dir=provider.parent, prefix=f"{provider.name}.", delete=False) as partial:
        partial.write(f'#!/bin/sh\nexec "{sys.executable}" -u -m aws_sandbox.provider "$@"\n')
    Path(partial.name).chmod(0o755)
    Path(partial.name).replace(provider)

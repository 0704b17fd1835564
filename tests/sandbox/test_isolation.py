"""Nothing of a program in the sandbox leaves this machine."""

import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from aws_sandbox.sandbox import Sandbox
from tests.sandbox.loopback import run_on_loopback

AWS_SANDBOX = [sys.executable, "-m", "aws_sandbox.cli"]

A_PROGRAM = """
import subprocess, sys, time, boto3
write = boto3.client("timestream-write")
write.create_database(DatabaseName="metrics")
write.create_table(DatabaseName="metrics", TableName="cpu")
write.write_records(DatabaseName="metrics", TableName="cpu", Records=[{
    "Dimensions": [{"Name": "host", "Value": "a"}], "MeasureName": "load", "MeasureValue": "1",
    "Time": str(int(time.time() * 1000))}])
rows = boto3.client("timestream-query").query(QueryString='SELECT * FROM "metrics"."cpu"')["Rows"]
s3 = boto3.client("s3")
s3.create_bucket(Bucket="reports", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
s3.put_object(Bucket="reports", Key="a/b", Body=b"x")
child = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"
subprocess.run([sys.executable, "-c", child], check=True)
print(len(rows), "row")
"""


def test_a_tree_of_programs_that_uses_aws_tries_nothing_but_loopback() -> None:
    command = [
        *AWS_SANDBOX,
        "run",
        "--no-engine",
        "--region",
        "eu-west-1",
        "--",
        sys.executable,
        "-c",
        A_PROGRAM,
    ]

    traffic = run_on_loopback(command)

    assert (traffic.exit_code, traffic.output.splitlines()) == (0, ["000000000000", "1 row"])
    assert traffic.attempts == {}


def test_a_host_that_is_not_of_aws_is_refused_without_asking_anybody_for_its_address() -> None:
    program = "import urllib.request; urllib.request.urlopen('https://example.com')"

    traffic = run_on_loopback([*AWS_SANDBOX, "run", "--no-engine", "--", sys.executable, "-c", program])

    assert traffic.output.splitlines()[-1] == (
        "urllib.error.URLError: <urlopen error Tunnel connection failed: 403 aws-sandbox refuses "
        "example.com:443: only amazonaws.com hosts are answered, and nothing leaves this machine>"
    )
    assert traffic.attempts == {}


@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param("socket.create_connection(('192.0.2.1', 443), 2)", id="a connection over IPv4"),
        pytest.param("socket.create_connection(('2001:db8::1', 443), 2)", id="a connection over IPv6"),
        pytest.param("socket.socket(type=2).sendto(b'x', ('192.0.2.1', 53))", id="a datagram"),
    ],
)
def test_the_proof_sees_what_tries_to_leave(attempt: str) -> None:
    program = f"import socket\ntry: {attempt}\nexcept OSError: print('swallowed')"

    traffic = run_on_loopback([sys.executable, "-c", program])

    assert (traffic.exit_code, traffic.output) == (0, "swallowed\n")
    assert sum(traffic.attempts.values()) > 0


def test_plain_http_to_another_host_is_refused(empty_sandbox: Sandbox) -> None:
    answer = _exchange(
        empty_sandbox,
        b"GET http://169.254.169.254/latest/meta-data/ HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n",
    )

    assert answer.splitlines()[0] == (
        "HTTP/1.1 403 aws-sandbox refuses 169.254.169.254: only amazonaws.com hosts are answered, "
        "and nothing leaves this machine"
    )


@pytest.mark.parametrize(
    "target",
    [
        "amazonaws.com.example.org:443",
        "notamazonaws.com:443",
        "kms.eu-west-1.amazonaws.com:22",
        "[2001:db8::1]:443",
    ],
)
def test_a_tunnel_to_anything_but_https_at_aws_is_refused(empty_sandbox: Sandbox, target: str) -> None:
    answer = _exchange(empty_sandbox, f"CONNECT {target} HTTP/1.1\r\n\r\n".encode())

    assert answer.startswith(f"HTTP/1.1 403 aws-sandbox refuses {target}: ")


def test_the_proxy_listens_on_loopback_alone(empty_sandbox: Sandbox) -> None:
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines() if " 0A " in line]

    port = f"{empty_sandbox.port:04X}"
    assert [address for address in listening if address.endswith(f":{port}")] == [f"0100007F:{port}"]
    assert port not in Path("/proc/net/tcp6").read_text().replace(":", " ").split()


def test_the_authority_vouches_for_aws_alone(empty_sandbox: Sandbox) -> None:
    context = ssl.create_default_context(cafile=str(empty_sandbox.directory / "ca.pem"))

    with _tunnel(empty_sandbox, "kms.eu-west-1.amazonaws.com") as plain:
        context.wrap_socket(plain, server_hostname="kms.eu-west-1.amazonaws.com").close()
    with (
        _tunnel(empty_sandbox, "kms.eu-west-1.amazonaws.com") as plain,
        pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"),
    ):
        context.wrap_socket(plain, server_hostname="example.com")
    described = subprocess.run(
        [sys.executable, "-c", _NAME_CONSTRAINTS, empty_sandbox.directory / "ca.pem"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert described.stdout == "['amazonaws.com', 'amazonaws.com.cn']\n"


def test_the_key_of_the_authority_is_for_its_owner_alone(empty_sandbox: Sandbox) -> None:
    assert (empty_sandbox.directory / "ca-key.pem").stat().st_mode & 0o777 == 0o600


_NAME_CONSTRAINTS = """
import sys
from cryptography import x509
certificate = x509.load_pem_x509_certificate(open(sys.argv[1], "rb").read())
names = certificate.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
print([name.value for name in names])
"""


def _exchange(sandbox: Sandbox, request: bytes) -> str:
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=10) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(4096):
            answer += part
    return answer.decode()


def _tunnel(sandbox: Sandbox, host: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", sandbox.port), timeout=10)
    connection.sendall(f"CONNECT {host}:443 HTTP/1.1\r\n\r\n".encode())
    assert connection.recv(4096).startswith(b"HTTP/1.1 200")
    return connection

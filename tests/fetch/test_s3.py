"""Object storage: pulled from moto's S3 server, which speaks the protocol over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fetch.conftest import Declare, landed, pulled, rules

KEY_ID, SECRET = "AKIDEXAMPLE", "s3+very/secret"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server with an empty bucket `drop`."""
    from moto.server import ThreadedMotoServer

    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        moto.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The bucket as its owner fills it."""
    import boto3  # type: ignore[import-untyped]

    monkeypatch.setenv("S3_ID", KEY_ID)
    monkeypatch.setenv("S3_SECRET", SECRET)
    client = boto3.client(
        "s3",
        endpoint_url=server,
        region_name="us-east-1",
        aws_access_key_id=KEY_ID,
        aws_secret_access_key=SECRET,
    )
    client.create_bucket(Bucket="drop")
    yield client
    for found in client.list_objects_v2(Bucket="drop").get("Contents", []):
        client.delete_object(Bucket="drop", Key=found["Key"])


def toml(server: str, more: str = "") -> str:
    """A pull of the bucket."""
    return (
        '[pull.drop]\nsource = "trainings"\nkind = "s3"\nbucket = "drop"\nprefix = "out/"\n'
        f'endpoint = "{server}"\nregion = "us-east-1"\nkey_id = {{ env = "S3_ID" }}\n'
        f'secret = {{ env = "S3_SECRET" }}\nfirst_wait = 0\ntimeout = 10\n{more}'
    )


def test_objects_below_a_prefix(server: str, bucket: Any, declare: Declare) -> None:
    """Once; again when they change, even within a second and to the same size."""
    bucket.put_object(Bucket="drop", Key="out/2024/a20240802.csv", Body=b"a,b\n1,2\n")
    bucket.put_object(Bucket="drop", Key="out/big.xlsx", Body=b"x" * 3_000_000)
    bucket.put_object(Bucket="drop", Key="elsewhere/c.csv", Body=b"c\n")
    settings = declare(toml(server))
    report = pulled(settings)
    print(f"S3 (moto): {report.pulls[0]}")
    assert (report.new, report.faults) == (2, [])
    assert sorted(landed(settings)) == [
        "trainings/drop/2024/a20240802.csv",
        "trainings/drop/big.xlsx",
    ]
    again = pulled(settings)
    assert (again.new, again.pulls[0].unchanged) == (0, 2)
    path = settings.landing / "trainings/drop/2024/a20240802.csv"
    before = path.stat()
    bucket.put_object(Bucket="drop", Key="out/2024/a20240802.csv", Body=b"a,b\n3,4\n")
    assert pulled(settings).new == 1
    assert path.read_bytes() == b"a,b\n3,4\n"
    assert path.stat().st_mtime_ns != before.st_mtime_ns


@pytest.mark.parametrize(
    "key", ["out/../../../evil.csv", "out/a\\..\\evil.csv", "out//etc/x.csv", "out/a\x01b.csv"]
)
def test_names_that_lead_elsewhere(server: str, bucket: Any, declare: Declare, key: str) -> None:
    """Refused by name; the others come, and nothing is written outside the pull's folder."""
    settings = declare(toml(server))
    bucket.put_object(Bucket="drop", Key="out/ok.csv", Body=b"a\n1\n")
    bucket.put_object(Bucket="drop", Key=key, Body=b"evil")
    report = pulled(settings)
    assert landed(settings) == {"trainings/drop/ok.csv": b"a\n1\n"}
    assert [rule for _, rule in rules(report)] == ["pull.name"]
    assert not list(settings.warehouse.parent.glob("*evil*"))


def test_a_key_that_is_a_folder_too(server: str, bucket: Any, declare: Declare) -> None:
    """Only one of them can be in landing."""
    bucket.put_object(Bucket="drop", Key="out/a.csv", Body=b"a\n1\n")
    bucket.put_object(Bucket="drop", Key="out/a.csv/b.csv", Body=b"a\n1\n")
    report = pulled(declare(toml(server)))
    assert [rule for _, rule in rules(report)] == ["pull.in_the_way"]
    assert report.new == 1


def test_no_such_bucket_and_no_secret(
    server: str, bucket: Any, declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told by their rules, without the secret."""
    report = pulled(declare(toml(server).replace('bucket = "drop"', 'bucket = "none"')))
    assert rules(report) == [("", "pull.not_found")]
    assert SECRET not in report.faults[0].sentence
    monkeypatch.delenv("S3_SECRET")
    assert rules(pulled(declare(toml(server)))) == [("", "pull.secret")]


def test_checksums_beside_files(server: str, bucket: Any, declare: Declare) -> None:
    """One that does not agree refuses its file."""
    import hashlib

    for name in ("right", "wrong"):
        bucket.put_object(Bucket="drop", Key=f"out/{name}.csv", Body=name.encode())
        told = hashlib.sha256(b"right").hexdigest()
        bucket.put_object(
            Bucket="drop", Key=f"out/{name}.csv.sha256", Body=f"{told}  {name}.csv\n".encode()
        )
    settings = declare(toml(server, 'checksums = ".sha256"\n'))
    assert rules(pulled(settings)) == [("wrong.csv", "pull.checksum")]
    assert landed(settings) == {"trainings/drop/right.csv": b"right"}

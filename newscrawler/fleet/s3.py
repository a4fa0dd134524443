"""A bucket as depot; the only module that imports obstore."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import obstore
from obstore import Bytes, exceptions
from obstore.store import S3Store

from newscrawler.exceptions import AwayError, DamagedError, DepotError, DepotSettingError
from newscrawler.fleet.objects import Found
from newscrawler.humanize import first_line

_PATIENCE = timedelta(seconds=8)
"""How long a request to the store is repeated; callers may repeat it longer."""
_CHUNK = 8 * 1024 * 1024
_AT_ONCE = 2
"""Maximum parts of an upload at the same time, to limit the memory."""
_METADATA = "//169.254.169.254/"
"""Where the library looks for credentials that no variable has: right on a machine of Amazon's."""


class S3Objects:
    """Objects in a bucket. Address and credentials come from the usual ``AWS_…`` variables.

    Args:
        url: ``s3://BUCKET`` or ``s3://BUCKET/PREFIX``.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
        try:
            self._store = S3Store.from_url(
                url,
                client_options={"allow_http": plain, "timeout": "30s", "connect_timeout": "5s"},
                retry_config={
                    "max_retries": 4,
                    "retry_timeout": _PATIENCE,
                    "backoff": {
                        "init_backoff": timedelta(milliseconds=200),
                        "max_backoff": timedelta(seconds=3),
                        "base": 2,
                    },
                },
            )
        except (exceptions.BaseError, ValueError) as error:
            raise DepotSettingError(
                f"the depot {url} cannot be opened: {first_line(error)}"
            ) from error

    def get(self, key: str) -> Found | None:
        with self._errors():
            try:
                found = obstore.get(self._store, key)
            except (exceptions.NotFoundError, FileNotFoundError):
                return None
            return Found(bytes(found.bytes()), found.meta["e_tag"] or "")

    def create(self, key: str, data: bytes) -> bool:
        with self._errors():
            try:
                obstore.put(self._store, key, data, mode="create", use_multipart=False)
            except exceptions.AlreadyExistsError:
                return False
            return True

    def swap(self, key: str, data: bytes, tag: str) -> bool:
        with self._errors():
            try:
                obstore.put(self._store, key, data, mode={"e_tag": tag}, use_multipart=False)
            except exceptions.PreconditionError:
                return False
            return True

    def keys(self, prefix: str, after: str = "") -> list[str]:
        with self._errors():
            pages = obstore.list(self._store, prefix, offset=after or None)
            return sorted(meta["path"] for page in pages for meta in page)

    def folders(self) -> list[str]:
        with self._errors():
            found = obstore.list_with_delimiter(self._store)["common_prefixes"]
            return sorted(str(prefix).rstrip("/") for prefix in found)

    def upload(self, key: str, file: Path) -> None:
        with self._errors():
            obstore.put(self._store, key, file, chunk_size=_CHUNK, max_concurrency=_AT_ONCE)

    def download(self, key: str, file: Path) -> None:
        with file.open("wb") as out:
            for chunk in self._chunks(key):
                out.write(chunk)

    def _chunks(self, key: str) -> Iterator[Bytes]:
        with self._errors():
            try:
                found = obstore.get(self._store, key)
            except (exceptions.NotFoundError, FileNotFoundError):
                raise DamagedError(f"{key} is missing in the depot") from None
            yield from found.stream(min_chunk_size=_CHUNK)

    def written_at(self, key: str) -> datetime | None:
        with self._errors():
            try:
                return obstore.head(self._store, key)["last_modified"]
            except (exceptions.NotFoundError, FileNotFoundError):
                return None

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
            raise DepotSettingError(
                f"the depot {self.url} refuses these credentials: check AWS_ACCESS_KEY_ID and"
                f" AWS_SECRET_ACCESS_KEY ({first_line(error)})"
            ) from error
        except (exceptions.NotFoundError, FileNotFoundError) as error:
            raise DepotError(
                f"an object is missing in the depot {self.url}: {first_line(error)}"
            ) from error
        except exceptions.NotSupportedError as error:
            raise DepotSettingError(
                f"the depot {self.url} has no conditional writes: {first_line(error)}"
            ) from error
        except (exceptions.BaseError, OSError) as error:
            if _METADATA in str(error):
                raise DepotSettingError(
                    f"there are no credentials for the depot {self.url}: set AWS_ACCESS_KEY_ID and"
                    " AWS_SECRET_ACCESS_KEY"
                ) from error
            raise AwayError(f"the depot {self.url} does not answer: {first_line(error)}") from error

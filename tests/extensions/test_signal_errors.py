"""What is taken for an error of a feed, and what is not."""

from __future__ import annotations

import asyncio
import logging

import pytest
from scrapy.utils.test import get_crawler

from newscrawler.extensions.signal_errors import SignalErrors


def test_an_error_of_the_network_in_a_task_is_not_called_one_of_a_file(
    caplog: pytest.LogCaptureFixture,
) -> None:
    handler = SignalErrors(get_crawler())

    async def fail() -> None:
        raise ConnectionResetError("reset by the peer")

    async def forget() -> None:
        task = asyncio.create_task(fail())
        await asyncio.wait([task])

    try:
        with caplog.at_level(logging.ERROR, "asyncio"):
            asyncio.run(forget())
    finally:
        handler._end()
    (record,) = [record for record in caplog.records if record.name == "asyncio"]
    assert "cannot be written" not in record.getMessage()
    assert record.exc_info
    assert isinstance(record.exc_info[1], ConnectionResetError)

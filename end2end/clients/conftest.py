"""What the suites share: one server for all of them, and an upstream and a connection for each test."""

import pytest

from gateway import Gateway
from upstream import Upstream


@pytest.fixture(scope="session")
def gateway():
    running = Gateway()
    yield running
    running.stop()


@pytest.fixture
def behind(gateway):
    """Puts an upstream that behaves so behind a connection of its own."""
    upstreams = []

    def put(behave, receive_buffer=None, **settings):
        upstream = Upstream(behave, receive_buffer)
        upstreams.append(upstream)
        connection = gateway.connection(upstream.port, **settings)
        return upstream, connection

    yield put
    for upstream in upstreams:
        upstream.close()

"""The gateway's own listener: what it takes for a plain call, and that everything else reaches the server behind unchanged."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from onecity.hubs.exchange.edge.front import Front, plain_head
from onecity.hubs.exchange.errors import SignatureRefused

HEAD = "POST /v1/call/population HTTP/1.1\r\nHost: gateway\r\nX-Session: s\r\nx-time: 1\r\nx-nonce: n\r\nx-signature: m"
PLAIN = f"{HEAD}\r\nContent-Length: 4"


def test_a_plain_call_is_read_with_its_signature() -> None:
    assert plain_head(PLAIN) == ("/v1/call/population", ["s", "1", "n", "m"], 4)


@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        f"{PLAIN}\r\nContent-Length: 9",
        f"{PLAIN}\r\nTransfer-Encoding: chunked",
        f"{PLAIN}\r\nTransfer-Encoding : chunked",
        f"{PLAIN}\r\nExpect: 100-continue",
        f"{PLAIN}\r\nConnection: close",
        f"{PLAIN}\r\nX-Signature: other",
        f"{PLAIN}\r\n folded: value",
        f"{PLAIN}\r\nno colon",
        f"{PLAIN}\nx-time: 2",
        f"{PLAIN}\r\nx-a: b\rc",
        f"{HEAD}\r\nContent-Length: +4",
        f"{HEAD}\r\nContent-Length: 4, 4",
        f"{HEAD}\r\nContent-Length: 99999999",
        PLAIN.replace("HTTP/1.1", "HTTP/1.0"),
        PLAIN.replace("population", "population?x=1"),
        PLAIN.replace("population", "../session"),
        PLAIN.replace("POST", "GET"),
    ],
)
def test_anything_unusual_is_left_to_the_server_behind(head: str) -> None:
    assert plain_head(head) is None


async def _answer(path: str, signed: Sequence[str], body: bytes) -> bytes:
    if body == b"fail":
        raise SignatureRefused(data={"reason": "signature"})
    if body == b"slow":
        await asyncio.sleep(0.01)
    return b"<" + body + b">"


def _talk(story: Callable[[int], Awaitable[bytes]]) -> bytes:
    """Run a story against a front whose server behind says what it was told."""

    async def behind(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"behind:" + await reader.read(65_536))
        await writer.drain()
        writer.close()

    async def main() -> bytes:
        server = await asyncio.start_server(behind, "127.0.0.1", 0)
        probe = await asyncio.start_server(behind, "127.0.0.1", 0)
        port = probe.sockets[0].getsockname()[1]
        probe.close()
        await probe.wait_closed()
        front = Front(_answer, "127.0.0.1", port, server.sockets[0].getsockname()[1])
        await front.open()
        try:
            return await asyncio.wait_for(story(port), 5)
        finally:
            await front.close()
            server.close()

    return asyncio.run(main())


def _ask(*parts: bytes, until: bytes) -> bytes:
    async def story(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        for part in parts:
            writer.write(part)
            await asyncio.sleep(0.01)
        told = await reader.readuntil(until)
        writer.close()
        return told

    return _talk(story)


def test_calls_of_one_connection_are_answered_in_their_order_however_they_arrive() -> None:
    raw = b"".join(PLAIN.encode() + b"\r\n\r\n" + body for body in (b"slow", b"fail", b"last"))
    told = _ask(raw[:7] + raw[7:200], raw[200:330], raw[330:], until=b"<last>")
    assert told.index(b"<slow>") < told.index(b"problem+json") < told.index(b"<last>")
    assert told.count(b"HTTP/1.1 200 OK") == 2


def test_a_hundred_refusals_sent_at_once_are_all_told() -> None:
    raw = (PLAIN.encode() + b"\r\n\r\nfail") * 400 + PLAIN.encode() + b"\r\n\r\nlast"
    assert _ask(raw, until=b"<last>").count(b"HTTP/1.1 403 ") == 400


def test_an_unusual_request_reaches_the_server_behind_byte_for_byte_also_after_a_call() -> None:
    other = b"GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n"
    told = _ask(PLAIN.encode() + b"\r\n\r\nlast", other, until=b"behind:" + other)
    assert b"<last>" in told

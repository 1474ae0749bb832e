"""What two nodes sign when they speak: every request by the lower one, every answer by the upper one. Pure.

The network is trusted with nothing: a request names its node, its second and a word used once; an answer repeats that word.
"""

from hashlib import sha256

__all__ = ["SKEW_SECONDS", "answer_message", "request_message"]

SKEW_SECONDS = 60


def request_message(node: str, method: str, target: str, at: int, nonce: str, body: bytes) -> bytes:
    """The words signed for a request. `target` is path and query as sent, `at` Unix seconds."""
    hashed = sha256(body).hexdigest()
    return f"onecity.node.request.v1\n{node}\n{method}\n{target}\n{at}\n{nonce}\n{hashed}".encode()


def answer_message(nonce: str, body: bytes) -> bytes:
    """The words signed for an answer to the request with this nonce."""
    return f"onecity.node.answer.v1\n{nonce}\n{sha256(body).hexdigest()}".encode()

"""Sessions in our own table, through Django's session framework (`SESSION_ENGINE` names this module).

Owns: the row, and a store that keeps only a digest of the session key, so that a stolen backup opens no session. One
query loads row and actor together; a change of roles sets `stale_at`, which no save of the session ever clears.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import IntegrityError, models, transaction

from onecity.hubs.identity.rules.kept_actor import keep
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now

__all__ = ["SessionRow", "SessionStore", "open_store"]

ANONYMOUS_LIFE = timedelta(hours=1)


class SessionRow(models.Model):
    """One session. `stage` says how far the login has come; `session_key` is the digest of the key in the cookie."""

    session_key = models.CharField(max_length=64, primary_key=True)
    session_data = models.TextField()
    expire_date = models.DateTimeField()
    account_id = models.UUIDField(null=True)
    stage = models.CharField(max_length=16, blank=True)
    origin = models.CharField(max_length=80, blank=True)
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    idle_seconds = models.PositiveIntegerField(default=1800)
    stale_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["expire_date"], name="identity_session_expiry"),
            models.Index(fields=["account_id"], condition=~models.Q(account_id=None), name="identity_session_account"),
        )


def digest(session_key: str) -> str:
    """What the table keeps of a session key."""
    return hashlib.sha256(session_key.encode()).hexdigest()


class SessionStore(DatabaseStore):
    """Django's database store over `SessionRow`; everything about expiry is decided when the session is opened."""

    row: SessionRow | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        """The table Django's own functions use."""
        return SessionRow

    def load(self) -> dict[str, Any]:
        """Row and data in one query; an unknown or expired key gives an empty, keyless session."""
        found = SessionRow.objects.filter(
            session_key=digest(self.session_key or ""), expire_date__gt=wall_now()
        ).first()
        self.row = found
        if found is None:
            self._session_key = None
            return {}
        return dict(self.decode(found.session_data))

    def exists(self, session_key: str) -> bool:
        """Whether the key is taken."""
        return SessionRow.objects.filter(session_key=digest(session_key)).exists()

    def save(self, must_create: bool = False) -> None:
        """Write the data. `stale_at` is never written here, so a change of roles cannot be overtaken by a save."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        values = self._values(data)
        if not must_create:
            if not SessionRow.objects.filter(session_key=digest(self.session_key)).update(**values):
                raise UpdateError
            return
        try:
            with transaction.atomic():
                self.row = SessionRow.objects.create(
                    session_key=digest(self.session_key), opened_at=wall_now(), **values
                )
        except IntegrityError as error:
            raise CreateError from error

    def _values(self, data: dict[str, Any]) -> dict[str, Any]:
        now = wall_now()
        expires = data.get("expires_at")
        return {
            "session_data": self.encode(data),
            "expire_date": datetime.fromisoformat(expires) if expires else now + ANONYMOUS_LIFE,
            "account_id": data.get("account") or None,
            "stage": data.get("stage", ""),
            "origin": data.get("origin", ""),
            "idle_seconds": data.get("idle_seconds", 1800),
            "last_seen_at": now,
        }

    def delete(self, session_key: str | None = None) -> None:
        """Forget the row."""
        key = session_key or self.session_key
        if key:
            SessionRow.objects.filter(session_key=digest(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Remove what has run out."""
        SessionRow.objects.filter(expire_date__lte=wall_now()).delete()


def open_store(
    actor: Actor,
    *,
    stage: str,
    origin: str,
    idle: timedelta = timedelta(minutes=30),
    life: timedelta = timedelta(hours=12),
    sign_in: dict[str, Any] | None = None,
) -> SessionStore:
    """A new session with a new key, holding `actor`; one INSERT."""
    store = SessionStore()
    now = wall_now()
    store.update(
        {
            "actor": keep(actor),
            "account": str(actor.account_id),
            "stage": stage,
            "origin": origin,
            "idle_seconds": int(idle.total_seconds()),
            "expires_at": (now + life).isoformat(),
            "built_at": now.isoformat(),
            "sign_in": sign_in or {},
        }
    )
    store.save()
    return store

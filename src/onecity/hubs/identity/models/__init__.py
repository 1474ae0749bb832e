"""Tables of this hub, one aggregate per file. Private: others read `queries` through the api."""

from onecity.hubs.identity.models.account import Account, PasswordRecord
from onecity.hubs.identity.models.attempt import LoginAttempt
from onecity.hubs.identity.models.mandate import Mandate
from onecity.hubs.identity.models.organisation import Organisation
from onecity.hubs.identity.models.policy import SecurityPolicy
from onecity.hubs.identity.models.post import Post
from onecity.hubs.identity.models.role import Role
from onecity.hubs.identity.models.session import SessionRow

__all__ = [
    "Account",
    "LoginAttempt",
    "Mandate",
    "Organisation",
    "PasswordRecord",
    "Post",
    "Role",
    "SecurityPolicy",
    "SessionRow",
]

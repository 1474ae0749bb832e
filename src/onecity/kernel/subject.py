"""The one join key of a person or firm.

Owns: the type of a reference that stands for a national number without showing it. Refuses: to make one; `kernel.keys` does.
"""

from typing import NewType

__all__ = ["SubjectRef"]

SubjectRef = NewType("SubjectRef", str)

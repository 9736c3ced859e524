"""Who is meant: the two questions that the pipeline asks."""

from matching.certificates import match_certificate
from matching.schools import match_school

__all__ = ["match_certificate", "match_school"]

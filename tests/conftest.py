"""How the tests run, wherever they run."""

from hypothesis import settings

# How long an example takes is no result: the machine may be busy. All else stays as it is, with CI=true as
# Hypothesis's own profile has it: the same examples every time.
settings.register_profile("unhurried", parent=settings.default, deadline=None)
settings.load_profile("unhurried")

"""The registers, as the tests of the parts have them."""

from tests.api.review.conftest import registers as registers

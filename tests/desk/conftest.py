"""A browser and the registers, as the tests of the parts have them."""

from tests.api.browser import browser as browser
from tests.api.review.conftest import registers as registers

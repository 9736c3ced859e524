from api.precheck import limits
from api.precheck.limits import HOUR, Limiter


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_an_address_may_ask_so_often_an_hour_and_others_are_not_concerned() -> None:
    clock = Clock()
    limiter = Limiter(2, clock)
    assert [limiter.wait("a"), limiter.wait("a"), limiter.wait("b")] == [0, 0, 0]
    clock.now += 600
    assert limiter.wait("a") == 3001
    clock.now += HOUR - 600
    assert limiter.wait("a") == 0


def test_a_refusal_does_not_count() -> None:
    clock = Clock()
    limiter = Limiter(1, clock)
    limiter.wait("a")
    for _ in range(5):
        clock.now += 600
        limiter.wait("a")
    clock.now += 601
    assert limiter.wait("a") == 0


def test_addresses_are_forgotten_after_an_hour() -> None:
    clock = Clock()
    limiter = Limiter(1, clock)
    for number in range(limits.MOST_ADDRESSES):
        limiter.wait(str(number))
    assert limiter.wait("new") == HOUR
    clock.now += HOUR
    assert limiter.wait("new") == 0
    assert len(limiter._asked) == 1

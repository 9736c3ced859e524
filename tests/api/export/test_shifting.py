import pytest

from api.export.shifting import shifted, spread


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("=SUM(E3:E3)", "=SUM(E3:E5)"),
        ("=SUM($E$2:$E$4)", "=SUM($E$2:$E$6)"),
        ("=E3+E4", "=E3+E6"),
        ("=A1+LOG10(E4)", "=A1+LOG10(E6)"),
        ('="E4"&E4', '="E4"&E6'),
        ("=SUM(4:9)", "=SUM(6:11)"),
        ("=汇总!E4+'汇总'!E4+Other!E4", "=汇总!E6+'汇总'!E6+Other!E4"),
        ("=rate_E4+A1B4", "=rate_E4+A1B4"),
        ("=SUM(E5:E9)", "=SUM(E7:E11)"),
    ],
)
def test_what_stands_below_moves_and_ranges_over_the_row_grow(formula: str, after: str) -> None:
    assert shifted(formula, "汇总", 3, 2, here=True) == after


def test_another_sheet_is_meant_only_by_its_name() -> None:
    assert shifted("=E4+汇总!E4+'汇总'!E3:E3", "汇总", 3, 2, here=False) == "=E4+汇总!E6+'汇总'!E3:E5"


def test_an_area_of_the_one_cell_grows_with_its_row() -> None:
    assert spread("B3 A1:C2 D3:D9", 3, 2) == "B3:B5 A1:C2 D3:D11"

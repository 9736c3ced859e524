from api.review.witnesses import Dot, Option, Piece, choice, differing
from corpora.vocabulary import vocabulary

WORDS = vocabulary()


def test_the_characters_that_the_paper_has_not_are_marked() -> None:
    assert differing("网店运营推广", "网店运营推厂") == (Piece("网店运营推", False), Piece("广", True))
    assert differing("安徽职业技术学院", "安徽职院") == (
        Piece("安徽职", False),
        Piece("业技术学", True),
        Piece("院", False),
    )
    assert differing("昆明学院", "") == (Piece("昆明学院", False),)


def test_a_schools_witnesses_are_dots_and_the_other_reasons_words() -> None:
    match = {
        "code": "4134010869",
        "name": "安徽职业技术学院",
        "current_name": "安徽职业技术大学",
        "score": 0.97,
        "decided": True,
        "reasons": ["exact", "subject"],
    }
    made = choice("school", None, match, "安徽职业技术学院", WORDS)
    assert (made.decided, made.by_person) == (True, False)
    assert made.options == (
        Option(
            number=1,
            key="4134010869",
            pieces=(Piece("安徽职业技术学院", False),),
            current_name="安徽职业技术大学",
            score=0.97,
            reasons=("名称一致",),
            dots=(Dot("主题", True), Dot("印章", False), Dot("发件人", False), Dot("正文", False)),
            chosen=True,
        ),
    )


def test_the_decided_entry_stands_before_the_other_candidates_and_only_once() -> None:
    candidates = [{"name": "甲", "score": 0.9, "reasons": ["near"]}, {"name": "乙", "score": 0.8, "reasons": []}]
    match = {"name": "乙", "decided": True, "reasons": ["person"], "candidates": candidates}
    made = choice("certificate", 2, match, "", WORDS)
    assert [(option.number, option.key, option.chosen) for option in made.options] == [
        (1, "乙", True),
        (2, "甲", False),
    ]
    assert made.by_person


def test_nothing_known_leaves_nothing_to_pick() -> None:
    assert choice("school", None, None, "", WORDS).options == ()

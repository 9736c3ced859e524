"""A reply is drafted from what the school can mend, in the words of an office."""

from __future__ import annotations

from datetime import date

import pytest

from api.outbox.deadline import deadline
from api.outbox.draft import Spot, fact, items, numbered, write
from corpora.replies import replies
from corpora.vocabulary import vocabulary
from tests.api.outbox.cases import ANHUI, COPY, NO_SEAL, SENT, TOTAL, a_case, a_finding, a_part
from tests.api.records import a_reading, a_record

RULE = (
    "三、1 春季申报时间为3月20日-31日；秋季申报时间为9月18日-30日。四、各市教育行政部门、应用型本科院校、"
    "高职院校分别于4月3日、10月9日前将《申报校级汇总表》（附件2）加盖公章扫描件发送至邮箱"
)


def test_a_reply_names_each_thing_what_to_do_the_clause_and_the_days_left() -> None:
    body = a_record()
    body["findings"] = [body["findings"][0], NO_SEAL, COPY]
    case = a_case(a_part(body, date(2023, 3, 30)))
    chosen = [one.key for one in case.items]
    assert (
        write(case, replies(), chosen, [TOTAL])
        == f"""安徽职业技术学院：

贵校2023年3月28日发来的“安徽职业技术学院+2023年证书申报”收悉。经核对，所附材料有以下 3 处需要更正或补充：

1. 合计不符
   情况：合计写作 1250，各行之和为 180。
   办理：请核对各行人数与合计，改正后重新打印、盖章并扫描。
   【附图 1】

2. 未盖章
   情况：应盖章处没有看到印章。
   办理：请加盖学校公章后重新扫描发送。
   依据：安徽省 2023 年 1+X 证书申报通知：“{RULE}”

3. 印章为复印件
   情况：印章是黑白的，可能是复印件。
   办理：请发送加盖红章原件的彩色扫描件。
   依据：同第 2 项

春季报送截止日为2023年4月3日，还有 4 天，请在截止日前重新报送。
更正后的材料请直接回复本邮件，以普通附件发送（彩色扫描的 PDF 或清晰照片），不要使用云附件。\
已经更正重发的，不必再次发送。

感谢支持，如有疑问请与我们联系。

安徽省 1+X 办公室
2023年3月30日"""
    )


def test_a_reply_to_a_whole_mail_numbers_through_its_forms_and_names_each_time() -> None:
    one = a_part(a_record(), date(2023, 5, 1))
    late = a_record(
        id="b" * 20, form="anhui/increase", findings=[a_finding("total.missing", "合计没有填写。", "total")]
    )
    case = a_case(one, a_part(late, date(2023, 5, 1), title="指标调增申请表"), today=date(2023, 5, 1))
    told = write(case, replies(), [TOTAL, ("b" * 20, 0)], [])
    assert told[told.index("《") : told.index("更正后的材料请")] == """《申报学校汇总表》

1. 合计不符
   情况：合计写作 1250，各行之和为 180。
   办理：请核对各行人数与合计，改正后重新打印、盖章并扫描。

《指标调增申请表》

2. 合计未填
   情况：“合计”没有填写。
   办理：请填写合计人数后重新扫描发送。

《申报学校汇总表》：春季报送已于2023年4月3日截止，已过截止时间 28 天。更正后的材料能否受理，请先与我们联系确认。\
秋季报送时间为2023年9月18日至2023年10月9日。
《指标调增申请表》：通知没有规定这份材料的报送时间，请尽快更正后重新报送。
"""  # fmt: skip
    assert numbered(case, [TOTAL, ("b" * 20, 0)]) == {TOTAL: 1, ("b" * 20, 0): 2}


def test_nothing_that_is_our_own_doubt_settled_or_only_worth_knowing_goes_in() -> None:
    settled = {"by": "li", "at": "2023-03-29T09:00:00+08:00", "reason": "已电话核实"}
    body = a_record(
        findings=[
            a_finding("field.unsure", "“合计”无法辨认，请对照图片补录。", "total"),
            a_finding("marks.unread", "有应签字的位置没有读到，请对照图片核对。"),
            a_finding("date.missing", "“填报日期”没有填写，请学校补填。", "date", settled=settled),
            a_finding("school.short_name", "“安职院”是简称，按“安徽职业技术学院”处理", "school", severity="info"),
            a_finding("mail.late", "2023-04-05 收到，春季受理时间为 … 至 2023-04-03，迟了 2 天，请决定是否受理。"),
            a_finding("system.failed", "处理未完成"),
        ]
    )
    assert items(body, ANHUI, "higher_vocational", replies(), vocabulary()) == []


def test_what_may_be_our_mistake_is_offered_but_not_chosen() -> None:
    body = a_record()
    body["rows"][0]["level"] |= {"doubt": "“初”与“中”相近"}
    body["findings"] += [
        a_finding("level.invalid", "第1行级别写作“中”，意思不明确，请核对或请学校更正。", "level", 1),
        a_finding(
            "set.differs", "“网店”的级别：汇总表第2行为 初级，申报表为 中级，请核对（有一处识别存疑，请先对照图片）。"
        ),
    ]
    found = items(body, ANHUI, "higher_vocational", replies(), vocabulary())
    assert [(one.code, one.chosen) for one in found] == [
        ("total.mismatch", True),
        ("certificate.ambiguous", False),
        ("level.invalid", False),
        ("set.differs", False),
    ]
    assert found[3].what == "“网店”的级别：汇总表第2行为 初级，申报表为 中级。"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("第1页的印章是“某某公司”，不是本校的印章，请核对。", "第1页的印章是“某某公司”，不是贵校的印章"),
        (
            "“某校”应报送所在市教育局（合肥市），由其初审后报来；请告知学校或转交。通知：四、按属地原则。",
            "“某校”应报送所在市教育局（合肥市），由其初审后报来",
        ),
        ("“网店”与登记的“网店运营推广”有出入，按后者处理，请核对", "“网店”与登记的“网店运营推广”有出入"),
        ("附件.pdf：文件设有打开密码，请学校去掉密码后重新发送。", "附件.pdf：文件设有打开密码"),
        (
            "附件在传输中损坏，读出的内容可能不全，请核对；必要时请学校重新发送。",
            "附件在传输中损坏，读出的内容可能不全",
        ),
        ("累计考核人数 5 小于 5 月填报的 8，累计数不应下降。", "累计考核人数 5 小于 5 月填报的 8，累计数不应下降"),
    ],
)
def test_what_the_office_is_asked_to_do_is_not_told_to_the_school(message: str, told: str) -> None:
    assert fact(message) == told


def test_a_clause_that_the_finding_quotes_is_the_one_that_is_told() -> None:
    message = "“某校”应报送所在市教育局（合肥市），由其初审后报来；请告知学校或转交。通知：四、按属地原则报送。"
    body = a_record(findings=[a_finding("mail.misrouted", message, severity="warning")])
    assert items(body, ANHUI, "secondary", replies(), vocabulary())[0].clause == "四、按属地原则报送"


def test_a_picture_shows_the_value_the_open_signature_the_seal_in_question_or_the_row() -> None:
    seal = {"page": 1, "box": [0.5, 0.7, 0.7, 0.8], "kind": "round", "colour": "red", "owner": "same"}
    other = seal | {"page": 2, "box": [0.1, 0.7, 0.3, 0.8], "owner": "other"}
    signed = {"role": "expert", "state": "signed", "page": 1, "box": [0.1, 0.5, 0.2, 0.52]}
    typed = signed | {"state": "typed", "box": [0.3, 0.5, 0.4, 0.52]}
    body = a_record(seals=[seal, other], signatures=[signed, typed])
    body["findings"] = [
        a_finding("total.mismatch", "……", "total"),
        a_finding("seal.owner", "第2页的印章是“某公司”，不是本校的印章，请核对。", "seal"),
        a_finding("signature.typed", "……", "expert"),
        a_finding("set.missing", "……", None, 1),
        a_finding("seal.missing", "……", "seal"),
        a_finding("mail.subject", "……"),
        a_finding("headcount.invalid", "……", "headcount", 9),
    ]
    body["fields"]["total"] = a_reading("1250", 1250, page=2, box=[0.75, 0.4, 0.82, 0.42])
    found = items(body, ANHUI, "higher_vocational", replies(), vocabulary())
    assert [one.spot for one in found] == [
        Spot(2, (0.75, 0.4, 0.82, 0.42)),
        Spot(2, (0.1, 0.7, 0.3, 0.8)),
        Spot(1, (0.3, 0.5, 0.4, 0.52)),
        Spot(1, (0.1, 0.3, 0.8, 0.32)),
        Spot(1, (0.5, 0.7, 0.7, 0.8)),
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("form", "today", "told"),
    [
        ("anhui/summary", date(2023, 4, 3), "春季报送截止日就是今天（2023年4月3日），请于今日内重新报送。"),
        (
            "anhui/summary",
            date(2023, 12, 1),
            "春季报送已于2023年4月3日截止，已过截止时间 242 天。更正后的材料能否受理，请先与我们联系确认。",
        ),
        ("anhui/progress", date(2023, 5, 20), "5月报送截止日为2023年5月27日，还有 7 天，请在截止日前重新报送。"),
    ],
)
def test_the_time_left_is_told_as_it_is(form: str, today: date, told: str) -> None:
    sent = SENT if form == "anhui/summary" else date(2023, 5, 20)
    until = deadline(ANHUI, form, "higher_vocational", sent, today)
    assert until and until.told(replies().phrases.times) == told

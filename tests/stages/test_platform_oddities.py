"""What platforms' exports really hold: JSONP, fen beside yuan, markup, `0` for "no end"."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from pipelines.stages.standing.resolve import resolve
from tests.stages.landings import Landing, conserves


def test_jsonp_of_teams_holds_fen_beside_yuan(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    teams: list[dict[str, object]] = [
        {"team_id": "T1", "leader": "测试队长", "project_no": 224328, "goal": "1000",
         "raised": 12345, "gifts": 3, "circle": 1, "created_at": "2024-08-02T08:00:00+08:00"},
        {"team_id": "T2", "leader": None, "project_no": 224328, "goal": 0,
         "raised": 0, "gifts": 0, "circle": 4, "created_at": "2024-08-02T00:00:00Z"},
    ]  # fmt: skip
    for number, end in enumerate((");", ")"), 1):
        body = f"_Callback({json.dumps({'code': 0, 'data': {'list': teams}})}{end}"
        landing.put(f"tencent_teams/page{number}_20240802.json", body.encode())
        teams = [{**t, "team_id": f"{t['team_id']}b"} for t in teams]
    for account in landing.load():
        assert (account.status, account.rows_loaded) == ("loaded", 2)
        assert conserves(account)
    lake = landing.lake("tencent_teams").sort("team_id")
    assert lake["team_id"].to_list() == ["T1", "T1b", "T2", "T2b"]
    assert lake["raised_fen"].to_list() == [12345, 12345, 0, 0]  # the platform's fen
    assert lake["goal_fen"].to_list() == [100_000, 100_000, 0, 0]  # the leader's yuan
    assert lake["circle"].to_list() == ["核心", "核心", "其他", "其他"]
    assert lake["created_at"].dt.hour().to_list() == [8, 8, 8, 8]
    assert lake["donor_key"].null_count() == 2
    assert "测试队长" not in str(lake.rows())


def _detail(number: str, **other: object) -> dict[str, object]:
    """What the platform's older detail page answers, in the shape that its crawlers read."""
    base = {
        "id": number, "title": "<b>某某</b>计划", "status": "3", "needMoney": "20000000",
        "startTime": "2024-07-01", "endTime": "0", "pName": "某某慈善会", "fundName": "某某基金会",
        "donate": {"needMoney": "200000", "obtainMoney": "20736.05", "donateNum": "1790"},
        "count": {"process": 1, "finance": 0},
    } | other  # fmt: skip
    detail = {"desc": "<p>正文</p>", "process": [{"id": "1", "title": "x", "status": "1"}]}
    return {"msg": {"base": base, "detail": detail}}


def test_a_projects_detail_holds_fen_beside_yuan(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    answer = f"_callback({json.dumps(_detail('224328'))});"
    landing.put("tencent_projects/detail_224328_20240802.json", answer.encode())
    lines = (json.dumps(_detail(n, status=s)["msg"]) for n, s in (("1", "1"), ("2", "9")))
    landing.put("tencent_projects/details_20240802.jsonl", "\n".join(lines).encode())
    accounts = landing.load()
    assert sorted((a.status, a.rows_loaded) for a in accounts) == [("loaded", 1), ("loaded", 2)]
    assert all(map(conserves, accounts))
    lake = landing.lake("tencent_projects").sort("project_no")
    assert lake["project_no"].to_list() == ["1", "2", "224328"]
    assert set(lake["name"]) == {"某某计划"}
    assert set(lake["target_fen"]) == {20_000_000}  # `base.needMoney` is fen
    assert set(lake["current_donate_amount_fen"]) == {2_073_605}  # `base.donate` is yuan
    assert lake["current_donate_count"].to_list() == [1790] * 3
    assert lake["state"].to_list() == ["筹款中", "9", "已结束"]  # its own numbers; 9 is drift
    assert set(lake["org_name"]) == {"某某慈善会"}
    assert set(lake["funder_org_name"]) == {"某某基金会"}
    assert lake["end_on"].null_count() == 3  # "0" is no end


def test_a_detail_without_its_target_is_refused(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    answer = _detail("224328")
    del answer["msg"]["base"]["needMoney"]  # type: ignore[index]
    landing.put("tencent_projects/detail_20240802.json", f"cb({json.dumps(answer)})".encode())
    (account,) = landing.load()
    assert account.status == "refused"
    assert "file.no_heading" in str(account)
    assert "筹款目标" in str(account)


def test_gifts_of_alipay_stand_in_a_frame(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    lines = [
        "#支付宝公益捐赠明细",
        "#账号：[20880000000000000156]",
        "#起始日期：[2024年08月02日 00:00:00]   终止日期：[2024年08月03日 00:00:00]",
        "#-----------------------------------------捐赠明细列表----------------------------",
        "支付宝交易号,商户订单号,公益项目ID,公益项目名称,捐赠金额（元）,捐赠时间,交易状态,"
        "退回金额（元）,捐赠方式,对方账户,捐赠人昵称,是否匿名",
        "2024080222001400000000000001\t,20880000000000000001\t,224328\t,某某计划\t,40.00\t,"
        "2024-08-02 10:11:12\t,捐赠成功\t,0.00\t,单次捐\t,a@example.invalid\t,测试昵称甲\t,否\t",
        "2024080222001400000000000002\t,20880000000000000002\t,224328\t,某某计划\t,9.90\t,"
        "2024-08-02 23:59:59\t,部分退回\t,4.90\t,每月捐\t,\t,爱心人士\t,是\t",
        "2024080222001400000000000003\t,20880000000000000003\t,224328\t,某某计划\t,5.00\t,"
        "2024-08-02 12:00:00\t,交易关闭\t,\t,单次捐\t,\t,\t,\t",
        "#-----------------------------------------捐赠明细列表结束------------------------",
        "#捐赠合计：3笔，共54.90元,,,,,,,,,,,",
        "#导出时间：[2024年08月03日 09:00:00]",
    ]
    data = ("\r\n".join(lines) + "\r\n").encode("gb18030")
    landing.put("alipay_gongyi_donations/2088_20240802.csv", data)
    (account,) = landing.load()
    assert (account.status, account.encoding, account.rows_loaded) == ("loaded", "gb18030", 3)
    assert str(account.amount_loaded_cny) == "54.90"
    assert conserves(account)
    lake = landing.lake("alipay_gongyi_donations").sort("order_no")
    assert lake["order_no"].to_list() == [f"2088{n:016d}" for n in (1, 2, 3)]
    assert lake["status"].to_list() == ["支付成功", "部分退款", "支付失败"]
    assert lake["channel"].to_list() == ["单笔捐", "月捐", "单笔捐"]
    assert lake["refund_fen"].to_list() == [0, 490, None]
    assert lake["donor_kind"].to_list() == ["person", "anonymous", "anonymous"]
    for secret in ("测试昵称甲", "example.invalid"):
        assert secret not in str(lake.rows())


def _gifts_of_alipay(total: str) -> bytes:
    lines = (
        "支付宝交易号,商户订单号,公益项目ID,公益项目名称,捐赠金额（元）,捐赠时间,交易状态",
        "2024080222001400000000000001\t,20880000000000000001\t,1\t,甲\t,40.00\t,"
        "2024-08-02 10:11:12\t,捐赠成功\t",
        "2024080222001400000000000002\t,20880000000000000002\t,1\t,甲\t,9.90\t,"
        "2024-08-02 23:59:59\t,捐赠成功\t",
        "#-----------------------------------------捐赠明细列表结束------------------------",
        total,
    )
    return ("\r\n".join(lines) + "\r\n").encode("gb18030")


@pytest.mark.parametrize(
    ("total", "agrees", "claims"),
    [
        ("#捐赠合计：2笔，共49.90元", True, {"rows": ("2", "2"), "amount": ("49.90", "49.90")}),
        ("#捐赠合计：3笔，共49.90元", False, {"rows": ("3", "2"), "amount": ("49.90", "49.90")}),
        ("#捐赠合计:2笔，共1,049.90元", False,
         {"rows": ("2", "2"), "amount": ("1049.90", "49.90")}),
        ("#导出时间：[2024年08月03日 09:00:00]", None, {}),
    ],
)  # fmt: skip
def test_what_alipay_says_it_gave_is_held_against_its_lines(
    tmp_path: Path, total: str, agrees: bool | None, claims: dict[str, tuple[str, str]]
) -> None:
    landing = Landing(tmp_path)
    landing.put("alipay_gongyi_donations/2088_20240802.csv", _gifts_of_alipay(total))
    (account,) = landing.load()
    assert (account.rows_loaded, account.footer_agrees) == (2, agrees)
    (standing,) = resolve(landing.settings)
    assert {c: (p, f) for c, p, f in standing.outcome.claims} == claims


def test_matching_is_in_fen_as_json_and_in_yuan_as_a_table(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    grant = {"matching_no": "MT0000000001", "project_no": "1", "sponsor_type": "平台配捐",
             "sponsor_name": "某某基金会", "amount": 850,
             "matched_at": "2024-08-02 10:00:00"}  # fmt: skip
    landing.put("tencent_matching/a_20240802.jsonl", json.dumps(grant).encode())
    text = (
        "配捐流水号\t项目编号\t配捐类型\t配捐方\t配捐金额\t配捐时间\n"
        "`MT0000000002\t1\t非定向激励\t某某公司\t￥8.50\t2024年8月2日\n合计\t\t\t\t8.50\t\n"
    )
    landing.put("tencent_matching/b_20240802.tsv", text.encode("gb18030"))
    accounts = landing.load()
    assert [a.status for a in accounts] == ["loaded", "loaded"]
    assert accounts[1].footer_agrees
    lake = landing.lake("tencent_matching").sort("matching_no")
    assert lake["matching_no"].to_list() == ["MT0000000001", "MT0000000002"]
    assert lake["amount_fen"].to_list() == [850, 850]
    assert lake["order_no"].null_count() == 2


def test_disclosures_speak_the_platforms_own_names(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    found = {"project_no": "1", "finance_no": "F1", "disclosure_start_date": "2024-01-01",
             "disclosure_end_date": "2024/03/31", "fund_expend": 50000,
             "submit_time": "20240420090000"}  # fmt: skip
    landing.put("tencent_disclosures/a_20240802.json", json.dumps({"list": [found]}).encode())
    (account,) = landing.load()
    lake = landing.lake("tencent_disclosures")
    assert account.rows_loaded == 1
    assert lake["payout_total_fen"].to_list() == [50000]
    assert lake["period_to"].to_list() == [date(2024, 3, 31)]
    assert lake["management_cost_fen"].to_list() == [None]


def test_titles_of_reports_are_kept_plain(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    titles = {
        "R1": "<p>第一批<b>物资</b>&nbsp;已到</p>\u0007",
        "R2": '<img src="//pic.example/1.png">回访 &amp; 感谢<script>track()</script>',
        "R3": "&lt;温暖包&gt; 3 < 5",
        "R4": "平常的标题",
        "R5": "<br/>",
    }
    rows = [
        {"process_id": key, "project_no": "1", "content_title": title,
         "publish_time": "2024-07-20 09:00:00"}
        for key, title in titles.items()
    ]  # fmt: skip
    data = "\n".join(json.dumps(r, ensure_ascii=False) for r in rows)
    landing.put("tencent_progress/a_20240802.jsonl", data.encode())
    (account,) = landing.load()
    lake = landing.lake("tencent_progress")
    assert dict(zip(lake["progress_id"], lake["title"], strict=True)) == {
        "R1": "第一批物资 已到",
        "R2": "回访 & 感谢",
        "R3": "<温暖包> 3 < 5",
        "R4": "平常的标题",
    }
    assert landing.refused_rows()["rule_ids"].to_list() == ["tencent_progress.title_has_words"]
    assert conserves(account)


def test_names_of_projects_and_sponsors_are_kept_plain(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    project = {"project_no": "1", "name": "<b>某</b>&nbsp;计划", "org_name": "甲&amp;乙中心",
               "funder_org_name": "<i>丙</i>基金会", "cate": "教育&nbsp;助学",
               "sub_cate": "<em>助学金</em>", "recipients": "<p>儿童</p>", "state": 3,
               "target": 0}  # fmt: skip
    plain = {**project, "project_no": "2", "name": "3 < 5 计划", "recipients": "<br/>"}
    data = "\n".join(json.dumps(p) for p in (project, plain, {**project, "name": "<br/>"}))
    landing.put("tencent_projects/a_20240802.jsonl", data.encode())
    landing.put(
        "tencent_matching/a_20240802.csv",
        "配捐流水号,项目编号,配捐类型,配捐方,配捐金额,配捐时间\n"
        "MT0000000001,1,企业配捐,某&amp;某<br>公司,8.50,2024-08-02 10:00:00\n".encode(),
    )
    landing.put(
        "tencent_behaviors/a_20240802.csv",
        "日期,项目编号,行为类型,参与人次,行为量,兑换金额,兑换方\n"
        "2024-08-02,1,捐步,1,100,1.00,<b>某某</b>公司\n2024-08-02,2,捐步,1,100,,&nbsp;\n".encode(),
    )
    for account in landing.load():
        assert conserves(account)
    lake = landing.lake("tencent_projects").sort("project_no")
    texts = ("name", "org_name", "funder_org_name", "cate", "sub_cate", "recipients")
    assert lake.select(texts).rows() == [
        ("某 计划", "甲&乙中心", "丙基金会", "教育 助学", "助学金", "儿童"),
        ("3 < 5 计划", "甲&乙中心", "丙基金会", "教育 助学", "助学金", None),
    ]
    assert landing.refused_rows()["rule_ids"].to_list() == ["tencent_projects.name_has_words"]
    assert landing.lake("tencent_matching")["sponsor_name"].to_list() == ["某&某 公司"]
    lake = landing.lake("tencent_behaviors").sort("project_no")
    assert lake["sponsor_name"].to_list() == ["某某公司", None]


def test_the_platforms_list_of_projects_tells_when_they_start(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    item = {
        "addr": {"province_name": "四川", "city_name": "成都"},
        "donate": {"current_donate_amount": 12345, "current_donate_count": 7, "donate_type": 1,
                   "start_time": "2024-07-20 00:00:00", "state": 3, "target": 20000000},
        "info": {"project_no": "224328", "project_name": "某某计划", "org_no": "9",
                 "org_name": "某某中心", "type": 1},
    }  # fmt: skip
    answer = {"code": 0, "data": {"total_num": 1, "proj_list": [item]}}
    landing.put("tencent_projects/page_20240802.json", json.dumps(answer).encode())
    (account,) = landing.load()
    assert (account.status, account.rows_loaded) == ("loaded", 1)
    lake = landing.lake("tencent_projects")
    columns = ("project_no", "start_on", "target_fen", "current_donate_amount_fen")
    assert lake.select(columns).rows() == [("224328", date(2024, 7, 20), 20000000, 12345)]
    assert lake["unread"].to_list() == [None]


def test_no_end_is_no_day(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    project = {"project_no": "2", "name": "子项目", "org_name": "乙", "state": 3, "target": 0,
               "end_on": "0", "parent_project_no": "1"}  # fmt: skip
    landing.put("tencent_projects/a_20240802.jsonl", json.dumps(project).encode())
    landing.load()
    lake = landing.lake("tencent_projects")
    assert lake.select("end_on", "target_fen", "parent_project_no").rows() == [(None, 0, "1")]
    assert lake["unread"].to_list() == [None]


def test_reports_inside_their_items_are_unpacked(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    items = [
        {"project_no": "1", "process": {"process_id": f"R{n}", "content_title": f"第{n}批",
         "publish_time": "2024-07-20 09:00:00", "org_no": "9"},
         "process_like": {"likes": 3, "treads": 0}, "concrete": None}
        for n in range(1, 4)
    ]  # fmt: skip
    answer = {"code": 0, "data": {"total": 2, "list": items[:2]}}
    landing.put("tencent_progress/page_20240802.json", json.dumps(answer).encode())
    lines = "\n".join(json.dumps(i) for i in (items[2], {**items[2], "project_no": None}))
    landing.put("tencent_progress/lines_20240803.jsonl", lines.encode())
    one = {**items[0], "process": {**items[0]["process"], "process_id": "R9"}}  # type: ignore[dict-item]
    landing.put("tencent_progress/one_20240804.json", json.dumps(one).encode())
    for account in landing.load():
        assert (account.status, account.reason) == ("loaded", None)
        assert conserves(account)
    lake = landing.lake("tencent_progress").sort("progress_id")
    told = lake.select("progress_id", "project_no", "title").rows()
    assert told == [("R1", "1", "第1批"), ("R2", "1", "第2批"), ("R3", "1", "第3批"),
                    ("R9", "1", "第1批")]  # fmt: skip
    assert landing.refused_rows()["rule_ids"].to_list() == ["tencent_progress.project_no.required"]


def test_an_item_that_names_no_project_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    item = {"process": {"process_id": "R1", "content_title": "一", "publish_time": "2024-07-20"}}
    landing.put("tencent_progress/a_20240802.json", json.dumps({"list": [item]}).encode())
    (account,) = landing.load()
    assert account.status == "refused"
    assert "missing: project_no" in str(account.reason)

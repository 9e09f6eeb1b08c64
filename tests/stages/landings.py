"""Landing folders made by hand, and what loading them gave: shared by the tests of the stages."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.settings import Settings, load_settings
from pipelines.stages.build.accounts import LoadRecord, load_record
from pipelines.stages.load.load import load_all
from pipelines.stages.receive.pull import pull
from pipelines.stages.standing.resolve import resolve
from pipelines.stages.store.zones import lake_folder, quarantine_folder

USCC = "53310000501781028T"
OTHER_USCC = "53310000501772770E"

#: A row of every source that breaks no rule.
GOOD: Mapping[str, Mapping[str, str]] = {
    "tencent_donations": {
        "订单号": "10000000000000000001", "项目编号": "224328", "捐款金额": "40.00",
        "支付时间": "2024-08-02 10:11:12", "支付状态": "支付成功", "退款金额": "0.00",
        "捐款方式": "单笔捐", "捐款人ID": "u00000001", "捐款人昵称": "测试昵称甲",
        "手机号": "13800000001", "是否匿名": "否", "活动编号": "scsl-2024",
    },
    "tencent_projects": {
        "项目编号": "224328", "项目名称": "某某计划", "发起机构": "某某中心", "项目状态": "筹款中",
        "筹款目标": "200000", "已筹金额": "1000.50", "捐款人次": "25", "结束时间": "0",
    },
    "alipay_gongyi_donations": {
        "支付宝交易号": "2024080222001400000000000001", "商户订单号": "20880000000000000001",
        "公益项目ID": "2024001", "捐赠金额": "40.00", "捐赠时间": "2024-08-02 10:11:12",
        "交易状态": "捐赠成功", "退回金额": "0.00", "捐赠方式": "单次捐",
        "对方账户": "u00000001", "捐赠人昵称": "测试昵称甲", "是否匿名": "否",
    },
    "tencent_matching": {
        "配捐流水号": "MT0000000001", "关联订单号": "10000000000000000001", "项目编号": "224328",
        "配捐类型": "企业配捐", "配捐方": "某某公司", "配捐方统一社会信用代码": OTHER_USCC,
        "配捐金额": "8.00", "配捐时间": "2024-08-02 10:11:13", "活动编号": "scsl-2024",
    },
    "tencent_teams": {
        "队伍编号": "T0000001", "队长昵称": "测试昵称甲", "项目编号": "224328", "目标金额": "1000",
        "已筹金额": "40.00", "参与人次": "1", "圈层": "核心", "行政区划代码": "510104",
        "创建时间": "2024-08-02 08:00:00",
    },
    "tencent_behaviors": {
        "日期": "2024-08-02", "项目编号": "224328", "行为类型": "捐步", "参与人次": "10",
        "行为量": "100000", "兑换金额": "10.00", "兑换方": "某某公司",
    },
    "tencent_disclosures": {
        "项目编号": "224328", "披露开始日期": "2024-01-01", "披露结束日期": "2024-03-31",
        "支出总额": "500.00", "管理成本": "40.00", "披露时间": "2024-04-20 09:00:00",
    },
    "tencent_progress": {
        "进展编号": "pg0000001", "项目编号": "224328", "发布时间": "2024-07-20 09:00:00",
        "标题": "一封来信",
    },
    "organizations": {
        "统一社会信用代码": USCC, "名称": "某某基金会", "组织类型": "基金会", "公开募捐资格": "是",
        "净资产": "800",
    },
    "organization_renames": {
        "原名称": "某某旧名基金会", "现名称": "某某基金会", "统一社会信用代码": USCC,
        "更名日期": "2014-06-01",
    },
    "org_annual_reports": {
        "统一社会信用代码": USCC, "年度": "2023", "年度总收入": "1000000.00",
        "慈善活动支出": "700000.00", "管理费用": "50000.00", "总支出": "800000.00",
        "净资产": "900000.00", "年报公布日期": "2024-05-31", "审计报告": "是",
    },
    "trainings": {
        "培训编号": "PX1", "举办日期": "2024-06-01", "主题": "写作", "培训对象": "会员单位",
        "培训形式": "线下",
    },
    "training_attendance": {
        "培训编号": "PX1", "学员编号": "u00000001", "所在单位统一社会信用代码": USCC,
        "积分": "必修",
    },
    "county_org_survey": {
        "答卷编号": "WJ1", "行政区划代码": "510104", "是否有效": "是", "最大挑战": "资金",
        "有无专职筹款人员": "否", "是否互联网筹款": "是",
    },
    "campaigns": {
        "活动编号": "scsl-2024", "活动名称": "某某活动", "项目计划编号": "scsl",
        "开始日期": "2024-08-02", "结束日期": "2024-08-04", "主办单位": "某某总会",
        "审查链编号": "six",
    },
    "campaign_entries": {
        "活动编号": "scsl-2024", "项目编号": "224328", "申报单位统一社会信用代码": USCC,
        "报名日期": "2024-06-01", "领域": "儿童关爱", "落地区划代码": "510104", "入场结果": "入场",
        "入场日期": "2024-07-01", "上线时间": "2024-08-02 00:00:00",
    },
    "county_lists": {
        "名单编号": "key_160", "行政区划代码": "513431", "县域名称": "昭觉县", "所属省份": "四川省",
        "官方数目": "160",
    },
    "review_chains": {
        "审查链编号": "six", "审查链名称": "六级审查", "对象类型": "项目", "层级": "1",
        "层级代码": "self", "层级名称": "发起方自查", "覆盖方式": "全部", "抽查比例": "",
        "须回避": "supporter;previous_reviewer", "时限天数": "5", "需要佐证": "是",
    },
    "review_records": {
        "记录编号": "r1", "审查链编号": "six", "对象编号": "224328", "轮次": "1", "层级": "1",
        "审查单位统一社会信用代码": USCC, "审查人": "测试审查人", "提交时间": "2024-06-02 09:00:00",
        "决定时间": "2024-06-03 09:00:00", "决定": "通过", "意见": "", "佐证数量": "2",
    },
    "huoshui_enrollments": {
        "项目计划编号": "huoshui", "县级区划代码": "520525", "机构统一社会信用代码": USCC,
        "入选批次": "第一批", "入选日期": "2022-04-08", "启动资金": "20",
        "启动资金拨付日期": "2022-06-01", "专职人数入选前": "1", "专职人数入选后": "3",
        "是否首次互联网筹款": "是", "品牌项目编号": "224328",
    },
    "community_program_applicants": {
        "统一社会信用代码": USCC, "报名单位": "某某慈善总会", "申报单位类别": "市州慈善会",
        "区划代码": "510500", "互联网募捐项目数": "8", "品牌项目数": "1", "拟新建社区基金数": "80",
        "培育社区基金数": "20",
    },
    "community_funds": {
        "社区基金编号": "F0001", "社区基金名称": "某某社区基金", "社区": "某某社区",
        "区划代码": "510104", "管理机构统一社会信用代码": USCC, "成立日期": "2023-05-01",
        "终止日期": "2024-05-01", "余额": "1000.50",
    },
    "observation_points": {
        "区划代码": "510104", "级别": "省级", "发展阶段": "能力提升",
        "开始日期": "2021-08-01", "结束日期": "2023-12-31",
    },
    "community_org_counts": {
        "区划代码": "340700", "统计日期": "2023-12-31", "登记制社区社会组织数": "127",
        "备案制社区社会组织数": "1807",
        "社区社会组织总数": "1934",
    },
    "villages": {
        "行政村代码": "510104001002", "加入日期": "2016-05-01", "认证村民": "300",
        "工作日记数": "12",
    },
    "donation_notices": {
        "序号": "1", "捐赠人": "测试捐赠人", "捐赠金额": "100", "捐赠日期": "2024-08-02",
        "备注": "",
    },
    "offline_gifts": {
        "捐赠登记号": "OG0001", "活动编号": "scsl-2024", "项目编号": "224328",
        "捐赠方": "测试捐赠人", "捐赠金额": "100.00",
        "接收日期": "2024-08-02", "捐赠票据号": "PJ0001", "捐赠形式": "现金",
    },
    "repayments": {
        "返还编号": "RP0001", "原订单号": "10000000000000000001", "项目编号": "224328",
        "收款人": "测试捐赠人", "返还金额": "40.00", "返还日期": "2024-08-02", "返还事由": "",
    },
    "project_outputs": {
        "项目编号": "224328", "期间": "2024年", "产出类型": "温暖包", "数量": "120",
        "计量单位": "份", "单位成本": "365.00",
    },
    "incidents": {
        "事件编号": "IN0001", "活动编号": "scsl-2024", "项目编号": "224328", "事件类型": "投诉",
        "登记时间": "2024-08-02 10:00:00", "办结时间": "2024-08-02 18:00:00", "严重程度": "一般",
    },
    "published_claims": {
        "公布数编号": "c1", "发布者": "某报", "发布日期": "2024-08-02", "指标": "募款",
        "下限": "178000000", "上限": "178000000", "单位": "CNY", "修饰语": "", "期间": "2024年",
        "原文摘录": "募款1.78亿元",
    },
    "claim_checks": {
        "核对编号": "k1", "公布数编号": "c1", "核对方式": "相除", "比较": "等于",
        "右方公布数": "c2;c3", "右方数": "", "集市": "", "集市列": "", "集市筛选": "",
        "说明": "某某",
    },
    "wechat_trade_bills": {
        "交易时间": "2024-08-02 10:11:12", "商户号": "1500000001", "微信订单号": "`4200000001",
        "商户订单号": "`10000000000000000001", "用户标识": "u00000001", "交易类型": "JSAPI",
        "交易状态": "SUCCESS", "货币种类": "CNY", "应结订单金额": "40.00", "微信退款单号": "0",
        "退款金额": "0.00", "手续费": "0.24000", "费率": "0.60%", "订单金额": "40.00",
    },
    "wechat_fundflow_bills": {
        "记账时间": "2024-08-02 10:11:12", "微信支付业务单号": "4200000001", "资金流水单号": "F1",
        "业务名称": "交易", "业务类型": "交易", "收支类型": "收入", "收支金额": "40.00",
        "账户结余": "40.00", "资金变更提交申请人": "测试昵称甲", "业务凭证号": "4200000001",
    },
    "alipay_business_bills": {
        "支付宝交易号": "2024080222001\t", "商户订单号": "10000000000000000001\t",
        "业务类型": "交易", "完成时间": "2024-08-02 10:11:12", "对方账户": "测试昵称甲",
        "订单金额": "40.00", "商家实收（元）": "40.00", "服务费（元）": "-0.24000",
    },
}  # fmt: skip


def table(rows: Sequence[Mapping[str, str]], encoding: str = "utf-8") -> bytes:
    """A CSV of these rows under their headings."""
    text = io.StringIO(newline="")
    names = list(dict.fromkeys(n for r in rows for n in r))
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def row(source: str, **changed: str) -> dict[str, str]:
    """The good row of `source` with some cells changed."""
    return {**GOOD[source], **changed}


class Landing:
    """A landing folder in a test's own warehouse; files arrive in the order they are put."""

    def __init__(self, root: Path, **changed: Any) -> None:
        self.settings: Settings = replace(
            load_settings(root / "warehouse", root / "landing", env={}), **changed
        )
        self._clock = 1_722_600_000
        self.settings.landing.mkdir(parents=True, exist_ok=True)

    def put(self, place: str, data: bytes) -> Path:
        """A file `<source>/<name>` of these bytes, received after those before it."""
        path = self.settings.landing / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self._clock += 60
        os.utime(path, (self._clock, self._clock))
        return path

    def wait(self, seconds: int) -> None:
        """Files put from now on are so much younger."""
        self._clock += seconds

    def load(self) -> list[LoadRecord]:
        """Pulls and loads everything; the accounts of all files, in order of receipt."""
        pull(self.settings)
        load_all(self.settings)
        return self.accounts()

    def accounts(self) -> list[LoadRecord]:
        """The accounts of all files as they stand."""
        return [load_record(s) for s in resolve(self.settings)]

    def lake(self, source: str) -> pl.DataFrame:
        """Every row of the files that stand."""
        parts = [
            pl.read_parquet(lake_folder(self.settings, s.receipt, s.partition) / "*.parquet")
            for s in resolve(self.settings)
            if s.receipt.source == source and s.is_active and s.outcome.rows_loaded
        ]  # fmt: skip
        return pl.concat(parts) if parts else pl.DataFrame()

    def refused_rows(self) -> pl.DataFrame:
        """Every quarantined row."""
        folders = [quarantine_folder(self.settings, s.receipt) for s in resolve(self.settings)]
        parts = [pl.read_parquet(f / "*.parquet") for f in folders if f.exists()]
        return pl.concat(parts) if parts else pl.DataFrame()


def conserves(record: LoadRecord) -> bool:
    """Law 1 for one file."""
    parts = ("loaded", "quarantined", "duplicate", "superseded")
    rows: int = sum(getattr(record, f"rows_{p}") for p in parts)
    money: Decimal = sum(getattr(record, f"amount_{p}_cny") for p in parts)
    return rows == record.rows_read and money == record.amount_read_cny

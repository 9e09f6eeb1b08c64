"""Dimensions of star: who gives, who raises, and for what."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Behind, Holds, OneOf, Table

DIM_DONOR = Table(
    "star",
    "dim_donor",
    zh="捐款人（化名）：不含任何姓名、电话或证件号码",
    en="Donors under pseudonyms: no name, phone or id of a person",
    grain="donor_key",
    fields="donor_key donor_kind first_gift_on",
    nullable="first_gift_on",
    words={
        "donor_key": Words("捐款人化名；unknown为来源未载",
            "Donor's pseudonym; unknown where the source names none"),
        "donor_kind": Words("person 个人、organization 组织、anonymous 匿名",
            "person, organization or anonymous"),
    },
    continues="int_renewed_donors",
    counted_by=True,
    compressed="donor_key",
    one_of=(
        OneOf("donor_kind", ("person", "organization", "anonymous"),
            "捐款人类别须为个人、组织或匿名", "A donor is a person, an organisation or anonymous"),
    ),
)  # fmt: skip # a declaration

DIM_ORGANIZATION = Table(
    "star",
    "dim_organization",
    zh=(
        "社会组织（二型）：名录各次导出的版本；名录未载而被提及者各一行，名录只有代码则按代码连接"
        " is_current 行"
    ),
    en=(
        "Organisations (type 2): versions by the register's exports, and a row for each that is"
        " named by code and in no register; facts carry the code, so join on it with is_current"
    ),
    grain="organization_key",
    fields="""
        organization_key uscc is_uscc_valid name former_names kind can_fundraise_publicly
        registration_authority level region_code region_text founded_on is_inferred version_no
        valid_from valid_to is_current
    """,
    present="organization_key uscc name is_inferred version_no valid_from is_current",
    words={
        "uscc": Words("统一社会信用代码；unknown为未载",
            "Unified social credit code; unknown where none is given"),
        "region_code": Words("区划代码（六位），为登记时所用",
            "Region code of six digits, the one in use at the time",
            "unknown为所载并非区划代码，空为未载",
            "unknown where what is printed is no code, null where nothing is"),
        "valid_from": Words("首次显示该状态的导出日；1900-01-01为无名录",
            "Export date that first shows this state; 1900-01-01 without a register"),
    },
    loose="region_code",
    history_of="uscc",
    holds=(
        Holds("uscc_valid", "is_uscc_valid", "统一社会信用代码的校验位应正确",
            "The check digit of a unified social credit code is right", shown="uscc name",
            severity="warn"),
    ),
)  # fmt: skip # a declaration

DIM_PROJECT = Table(
    "star",
    "dim_project",
    zh="项目（二型）：平台各次导出的版本",
    en="Projects (type 2): versions by the platform's dated exports",
    grain="project_key",
    fields="""
        project_key project_no name domain initiator_uscc initiator_name is_initiator_by_name
        supporter_uscc supporter_name filing_no is_filing_consistent region_code region_text
        target_cny state approved_on starts_on ends_on parent_project_no version_no valid_from
        valid_to is_current
    """,
    present="project_key project_no name is_initiator_by_name version_no valid_from is_current",
    words={
        "project_key": Words("版本键：项目编号@版本首日；-1为未知",
            "Key of the version: number@first day; -1 is unknown"),
        "name": Words("项目名称", "Name"),
        "domain": Words("领域：依最近一次入场申报，否则依平台类别",
            "Domain: by the newest campaign entry, else the platform's category"),
        "supporter_uscc": Words("公募机构统一社会信用代码",
            "Supporter's (public-fundraising organisation's) code"),
        "region_code": Words("落地区划代码（六位），为导出时所用",
            "Region where it works, six digits, the code in use at the time",
            "unknown为所载并非区划代码，空为未载",
            "unknown where what is printed is no code, null where nothing is"),
        "ends_on": Words("结束时间", "Ends on", "空为不限", "null: no end"),
    },
    loose="region_code",
    history_of="project_no",
    holds=(
        Holds("filing_consistent", "is_filing_consistent",
            "公募备案编号应以公募机构的统一社会信用代码开头",
            "A filing number begins with the supporter's unified social credit code",
            shown="project_key filing_no supporter_uscc", severity="warn"),
    ),
    behind=(
        Behind("star.fact_project_snapshot", "project_no = $project_no and export_date = (select"
            " min(shown.export_date) from star.fact_project_snapshot as shown"
            " where shown.project_no = $project_no and shown.export_date >= $valid_from)",
            {"target_cny": "max(target_cny)"}),
    ),
)  # fmt: skip # a declaration

TABLES = (
    DIM_DONOR,
    DIM_ORGANIZATION,
    DIM_PROJECT,
)

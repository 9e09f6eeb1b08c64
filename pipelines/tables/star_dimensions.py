"""Tables of star: dimensions."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Holds, OneOf, Table

DIM_CAMPAIGN = Table(
    "star",
    "dim_campaign",
    zh="活动：登记的活动与公开日历上的活动",
    en="Campaigns: those of the register and of the public calendar",
    grain="campaign_id",
    fields="""
        campaign_id name_zh program_id starts_on ends_on host_uscc host_name chain_id
        is_registered
    """,
    present="campaign_id name_zh program_id is_registered",
    words={
        "campaign_id": Words("活动编号；unknown为导出所载而无处登记的活动",
            "Campaign id; unknown stands for one that an export names and nothing registers"),
        "name_zh": Words("中文名称", "Chinese name"),
        "chain_id": Words("所用审查链编号", "Review chain that it uses"),
    },
    refers={"program_id": "dim_program"},
    holds=(
        Holds("window", "coalesce(starts_on <= ends_on, campaign_id = 'unknown')",
            "活动首日不得晚于末日，两者都有",
            "A campaign has both its days and does not end before it starts",
            shown="campaign_id starts_on ends_on"),
    ),
)  # fmt: skip

DIM_CHANNEL = Table(
    "star",
    "dim_channel",
    zh="捐款方式",
    en="Ways of giving",
    grain="channel_id",
    fields="channel_id name_zh name_en is_money",
    words={
        "channel_id": Words("捐款方式编号；unknown为未载明",
            "Channel id; unknown where the export names none"),
        "name_zh": Words("中文名称，与导出用字一致", "Name as the export spells it"),
    },
)  # fmt: skip

DIM_DATE = Table(
    "star",
    "dim_date",
    zh="日期维度：1990年至2049年每日一行，另有未知成员-1",
    en="Days from 1990 to 2049, and the unknown member -1",
    grain="date_key",
    fields="date_key date_day year quarter month day_of_month iso_weekday weekday_zh is_weekend",
    present="date_key weekday_zh",
    words={
        "date_key": Words("日期键，如20240802；-1为未知或界外",
            "Key of the day, such as 20240802; -1 is unknown or out of bounds"),
        "date_day": Words("日期（北京时间）", "The day, Beijing time"),
    },
)  # fmt: skip

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
    is_large=True,
    compressed="donor_key",
    one_of=(
        OneOf("donor_kind", ("person", "organization", "anonymous"),
            "捐款人类别须为个人、组织或匿名", "A donor is a person, an organisation or anonymous"),
    ),
)  # fmt: skip

DIM_ORGANIZATION = Table(
    "star",
    "dim_organization",
    zh=(
        "社会组织（二型）：名录各次导出的版本；名录未载而被提及者各一行，名录只有代码则按代码连接"
        " is_current 行"
    ),
    en=(
        "Organisations (type 2): versions by the register's exports, and a row for each that is"
        " named by code and no register has; facts hang on the code, so join it with is_current"
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
            "Region code of six digits, the one in use then", "unknown为所载并非区划代码，空为未载",
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
)  # fmt: skip

DIM_PLATFORM = Table(
    "star",
    "dim_platform",
    zh="互联网公开募捐信息平台",
    en="Designated internet fundraising platforms",
    grain="platform_id",
    fields="platform_id name_zh name_en designated_on ended_on operator_name",
    present="platform_id name_zh name_en",
    words={
        "platform_id": Words("平台编号", "Platform id"),
        "name_zh": Words("中文名称", "Chinese name"),
    },
)  # fmt: skip

DIM_PROGRAM = Table(
    "star",
    "dim_program",
    zh="项目计划",
    en="Programmes",
    grain="program_id",
    fields="program_id name_zh name_en starts_on ends_on host_name is_inferred",
    nullable="starts_on ends_on host_name",
    words={
        "name_zh": Words("中文名称；未登记者以编号代之",
            "Chinese name; the id where it is not registered"),
        "name_en": Words("英文名称；未登记者以编号代之",
            "English name; the id where it is not registered"),
        "starts_on": Words("起始日期", "First day", "不确知则为空", "null where not known"),
        "ends_on": Words("结束日期", "Last day", "空为进行中或不确知",
            "null while running or not known"),
        "host_name": Words("主办单位", "Hosts"),
        "is_inferred": Words("是否仅由活动提及而参考表未载",
            "Named by a campaign only, not in the reference table"),
    },
)  # fmt: skip

DIM_PROJECT = Table(
    "star",
    "dim_project",
    zh="项目（二型）：平台各次导出的版本",
    en="Projects (type 2): versions by the platform's dated exports",
    grain="project_key",
    fields="""
        project_key project_no name domain initiator_uscc initiator_name supporter_uscc
        supporter_name filing_no is_filing_consistent region_code region_text target_cny state
        approved_on starts_on ends_on parent_project_no version_no valid_from valid_to is_current
    """,
    present="project_key project_no name version_no valid_from is_current",
    words={
        "starts_on": Words("开始时间", "Starts on"),
        "project_key": Words("版本键：项目编号@版本首日；-1为未知",
            "Key of the version: number@first day; -1 is unknown"),
        "name": Words("项目名称", "Name"),
        "domain": Words("领域：依最近一次入场申报，否则依平台类别",
            "Domain: by the newest campaign entry, else the platform's category"),
        "initiator_uscc": Words("发起机构统一社会信用代码",
            "Initiator's unified social credit code"),
        "supporter_uscc": Words("公募机构统一社会信用代码",
            "Supporter's (public-fundraising organisation's) code"),
        "region_code": Words("落地区划代码（六位），为导出时所用",
            "Region where it works, six digits, the code in use then",
            "unknown为所载并非区划代码，空为未载",
            "unknown where what is printed is no code, null where nothing is"),
        "ends_on": Words("结束时间", "Ends on", "空为不限", "null is open"),
    },
    loose="region_code",
    history_of="project_no",
    holds=(
        Holds("filing_consistent", "is_filing_consistent",
            "公募备案编号应以公募机构的统一社会信用代码开头",
            "A filing number begins with the supporter's unified social credit code",
            shown="project_key filing_no supporter_uscc", severity="warn"),
    ),
)  # fmt: skip

DIM_REGION = Table(
    "star",
    "dim_region",
    zh="行政区划及其有效年份；同一代码可先后指不同名称，按代码连接时请限定 is_latest_of_code",
    en=(
        "Administrative regions and the years they were valid; a code may have had several names,"
        " so join on the code with is_latest_of_code"
    ),
    grain="region_code valid_from_year",
    fields="""
        region_code name level province_code province_name prefecture_code prefecture_name
        county_name band4 band3 is_key_160 is_poor_832 is_sichuan_39 is_sanqu_sanzhou
        valid_from_year valid_to_year is_current is_latest_of_code successor_codes code_today
    """,
    nullable="""
        province_code prefecture_code prefecture_name county_name band4 band3 valid_to_year
        successor_codes code_today
    """,
    words={
        "region_code": Words("区划代码（GB/T 2260，六位）；unknown为未知",
            "GB/T 2260 code, six digits; unknown where none is known"),
        "level": Words("层级：province、prefecture、county、unknown", "Level"),
        "is_current": Words("是否在用", "Is it in use"),
    },
    one_of=(
        OneOf("level", ("province", "prefecture", "county", "unknown"),
            "区划层级须为 province、prefecture、county、unknown",
            "A region's level is one of four"),
        OneOf("band3", ("东部", "中部", "西部", "港澳台", "未知"),
            "地带须为东部、中部、西部、港澳台或未知（按地带计人时至多七个）",
            "A region's band is one of five (donors are counted by seven at most)"),
    ),
)  # fmt: skip

TABLES = (
    DIM_CAMPAIGN,
    DIM_CHANNEL,
    DIM_DATE,
    DIM_DONOR,
    DIM_ORGANIZATION,
    DIM_PLATFORM,
    DIM_PROGRAM,
    DIM_PROJECT,
    DIM_REGION,
)

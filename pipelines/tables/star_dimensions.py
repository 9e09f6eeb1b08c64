"""Dimensions of star: days, regions, platforms, channels, programmes and campaigns."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Behind, Holds, OneOf, Table

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
            "Campaign id; 'unknown': a campaign that an export names and that is not registered"),
        "chain_id": Words("所用审查链编号", "Review chain that it uses"),
    },
    refers={"program_id": "dim_program"},
    holds=(
        Holds("window", "coalesce(starts_on <= ends_on, campaign_id = 'unknown')",
            "活动首日不得晚于末日，两者都有",
            "A campaign has both its days and does not end before it starts",
            shown="campaign_id starts_on ends_on"),
    ),
)  # fmt: skip # a declaration

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
)  # fmt: skip # a declaration

DIM_COUNTY_LIST = Table(
    "star",
    "dim_county_list",
    zh="县域名单：每份名单一行，取最新收到的一份，未收到则取参考表",
    en="County lists: a row per list, from the newest that was handed in, else the reference table",
    grain="list_id",
    fields="""
        list_id name_zh name_en program_id official_count listed_units listed_counties
        list_is_complete is_landed export_date
    """,
    nullable="program_id official_count list_is_complete export_date",
    words={
        "program_id": Words("以此名单为范围的项目计划", "Programme whose counties these are",
            "空为不属于任何计划", "null: of no programme"),
        "export_date": Words("收到的名单的日期", "Day of the list that was handed in",
            "空为参考表", "null: the reference table"),
    },
    holds=(
        Holds("complete", "list_is_complete", "名单应完整：所列单位数等于官方数目",
            "A list is complete: it names as many units as its official count",
            shown="list_id listed_units official_count", severity="warn"),
    ),
    behind=(
        Behind("star.bridge_county_list", "list_id = $list_id",
            {"listed_units": "coalesce(sum(listed_units), 0)"}),
    ),
    no_rows={
        "official_count": Words("名单公布时所称的总数，不是数出来的",
            "the number that the list was announced with, not a count"),
        "listed_counties": Words("名单上的地市与省按今日区划展开为县，展开不在公布的列里",
            "prefectures and provinces on the list stand for their counties of today, which is in"
            " no published column"),
    },
)  # fmt: skip # a declaration

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
    days="date_day",
    no_rows=dict.fromkeys(("quarter", "month", "day_of_month", "iso_weekday"),
        Words("由历法而来", "of the calendar")),
)  # fmt: skip # a declaration

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
    },
)  # fmt: skip # a declaration

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
            "null while running or where not known"),
        "host_name": Words("主办单位", "Hosts"),
        "is_inferred": Words("是否仅由活动提及而参考表未载",
            "Whether it is only named by a campaign, and not in the reference table"),
    },
)  # fmt: skip # a declaration

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
        "level": Words(
            "层级：province、prefecture、county、statistical_area（仅统计用区划有此代码的开发区等，不是县）、unknown",
            "Level; statistical_area: a development zone or the like that only the Bureau of"
            " Statistics codes, and no county"),
        "is_current": Words("是否在用", "Whether it is in use"),
        "valid_from_year": Words("起用年份；0为未知成员与起用年份不详的统计用区划",
            "First year in use; 0 for the unknown member and for statistical areas"),
    },
    one_of=(
        OneOf("level", ("province", "prefecture", "county", "statistical_area", "unknown"),
            "区划层级须为 province、prefecture、county、statistical_area、unknown",
            "A region's level is one of five"),
        OneOf("band3", ("东部", "中部", "西部", "港澳台", "未知"),
            "地带须为东部、中部、西部、港澳台或未知（按地带计人时至多七个）",
            "A region's band is one of five (donors are counted by seven at most)"),
    ),
)  # fmt: skip # a declaration

BRIDGE_COUNTY_LIST = Table(
    "star",
    "bridge_county_list",
    zh="县域名单所列的单位：每名单每单位一行，所印的代码与名称，及其所指的现行代码",
    en="Units of county lists: a row per list and unit, as printed and as the code in use it means",
    grain="list_id listed_code",
    fields="""
        list_id listed_code listed_name region_code region_how candidate_codes listed_units
        list_is_complete is_landed export_date source_file_id source_row
    """,
    nullable="candidate_codes list_is_complete export_date source_file_id source_row",
    words={
        "region_code": Words("所指的现行代码；unknown为无代码或不能确定",
            "The code in use that is meant; 'unknown': it has none, or it stays undecided"),
        "listed_units": Words("该行合名单的几个单位（参考表中并入一县的合为一行）",
            "Units of the list that the row stands for (the reference table has one row of several"
            " that one county holds now)"),
    },
    holds=(
        Holds("resolved", "region_how not in ('ambiguous', 'unknown')",
            "名单所列的单位应能找到其现行代码", "The code in use of a listed unit is found",
            shown="list_id listed_code listed_name region_how candidate_codes", severity="warn"),
        Holds("how_agrees", "(region_code = 'unknown') = (region_how in ('no_code', 'ambiguous',"
            " 'unknown'))", "未能找到代码者说明缘由", "What has no code says why"),
    ),
)  # fmt: skip # a declaration

TABLES = (
    BRIDGE_COUNTY_LIST,
    DIM_CAMPAIGN,
    DIM_CHANNEL,
    DIM_COUNTY_LIST,
    DIM_DATE,
    DIM_PLATFORM,
    DIM_PROGRAM,
    DIM_REGION,
)

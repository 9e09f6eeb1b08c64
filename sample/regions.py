"""Regions of sample projects and donors: Sichuan's counties, and a few codes elsewhere.

Facts: county codes of GB/T 2260 as the Ministry of Civil Affairs listed them for 2023, and the 39
underdeveloped counties (欠发达县域) that Sichuan names.
"""

from __future__ import annotations

from dataclasses import dataclass

_SICHUAN = """
510100 成都市: 04锦江区 05青羊区 06金牛区 07武侯区 08成华区 12龙泉驿区 13青白江区 14新都区
    15温江区 16双流区 17郫都区 18新津区 21金堂县 29大邑县 31蒲江县 81都江堰市 82彭州市 83邛崃市
    84崇州市 85简阳市
510300 自贡市: 02自流井区 03贡井区 04大安区 11沿滩区 21荣县 22富顺县
510400 攀枝花市: 02东区 03西区 11仁和区 21米易县 22盐边县
510500 泸州市: 02江阳区 03纳溪区 04龙马潭区 21泸县 22合江县 24叙永县 25古蔺县
510600 德阳市: 03旌阳区 04罗江区 23中江县 81广汉市 82什邡市 83绵竹市
510700 绵阳市: 03涪城区 04游仙区 05安州区 22三台县 23盐亭县 25梓潼县 26北川羌族自治县 27平武县
    81江油市
510800 广元市: 02利州区 11昭化区 12朝天区 21旺苍县 22青川县 23剑阁县 24苍溪县
510900 遂宁市: 03船山区 04安居区 21蓬溪县 23大英县 81射洪市
511000 内江市: 02市中区 11东兴区 24威远县 25资中县 83隆昌市
511100 乐山市: 02市中区 11沙湾区 12五通桥区 13金口河区 23犍为县 24井研县 26夹江县 29沐川县
    32峨边彝族自治县 33马边彝族自治县 81峨眉山市
511300 南充市: 02顺庆区 03高坪区 04嘉陵区 21南部县 22营山县 23蓬安县 24仪陇县 25西充县 81阆中市
511400 眉山市: 02东坡区 03彭山区 21仁寿县 23洪雅县 24丹棱县 25青神县
511500 宜宾市: 02翠屏区 03南溪区 04叙州区 23江安县 24长宁县 25高县 26珙县 27筠连县 28兴文县
    29屏山县
511600 广安市: 02广安区 03前锋区 21岳池县 22武胜县 23邻水县 81华蓥市
511700 达州市: 02通川区 03达川区 22宣汉县 23开江县 24大竹县 25渠县 81万源市
511800 雅安市: 02雨城区 03名山区 22荥经县 23汉源县 24石棉县 25天全县 26芦山县 27宝兴县
511900 巴中市: 02巴州区 03恩阳区 21通江县 22南江县 23平昌县
512000 资阳市: 02雁江区 21安岳县 22乐至县
513200 阿坝藏族羌族自治州: 01马尔康市 21汶川县 22理县 23茂县 24松潘县 25九寨沟县 26金川县
    27小金县 28黑水县 30壤塘县 31阿坝县 32若尔盖县 33红原县
513300 甘孜藏族自治州: 01康定市 22泸定县 23丹巴县 24九龙县 25雅江县 26道孚县 27炉霍县 28甘孜县
    29新龙县 30德格县 31白玉县 32石渠县 33色达县 34理塘县 35巴塘县 36乡城县 37稻城县 38得荣县
513400 凉山彝族自治州: 01西昌市 02会理市 22木里藏族自治县 23盐源县 24德昌县 26会东县 27宁南县
    28普格县 29布拖县 30金阳县 31昭觉县 32喜德县 33冕宁县 34越西县 35甘洛县 36美姑县 37雷波县
"""

_UNDERDEVELOPED = """
    5108 22 23 24
    5111 33
    5113 22 24
    5117 81
    5119 03 21 22 23
    5132 26 28 30 31 32 33
    5133 26 27 28 29 30 31 32 33 34 35 37 38
    5134 23 28 29 30 31 32 34 35 36 37
"""

#: Donors outside Sichuan: code and relative weight (large sending regions first).
_ELSEWHERE = (
    "440000 20, 110000 14, 310000 13, 330000 13, 320000 12, 500000 11, 370000 7, "
    "350000 6, 420000 6, 430000 5, 610000 5, 530000 5, 410000 4, 520000 4, 130000 3, 340000 3, "
    "450000 3, 360000 2, 620000 2, 230000 1, 650000 1"
)


@dataclass(frozen=True)
class County:
    """A county-level unit: its code, name and the name of its prefecture."""

    code: str
    name: str
    prefecture: str

    @property
    def prefecture_code(self) -> str:
        """The code of the prefecture it belongs to."""
        return self.code[:4] + "00"


def _parse(text: str) -> tuple[County, ...]:
    counties: list[County] = []
    stem = prefecture = ""
    for line in text.strip().splitlines():
        head, _, rest = line.rpartition(":")
        if head:
            code, prefecture = head.split()
            stem = code[:4]
        counties += [County(stem + w[:2], w[2:], prefecture) for w in rest.split()]
    return tuple(counties)


#: The 183 counties, districts and county cities of Sichuan, by code.
COUNTIES: tuple[County, ...] = _parse(_SICHUAN)
BY_CODE = {c.code: c for c in COUNTIES}
#: Prefecture code → name; 21 of them.
PREFECTURES = {c.prefecture_code: c.prefecture for c in COUNTIES}
#: The 39 underdeveloped counties, by code.
UNDERDEVELOPED: tuple[County, ...] = tuple(
    BY_CODE[line.split()[0] + tail]
    for line in _UNDERDEVELOPED.strip().splitlines()
    for tail in line.split()[1:]
)


def donor_regions(home_share: float) -> tuple[list[str], list[float]]:
    """Region codes of donors and their weights (sum 1), `home_share` of which is in Sichuan.

    In Sichuan codes are prefectures, with Chengdu the heaviest; elsewhere provinces.
    """
    home = {code: 6.0 if code == "510100" else 1.0 for code in PREFECTURES}
    away = {c: float(w) for c, w in (pair.split() for pair in _ELSEWHERE.split(", "))}
    codes = [*home, *away]
    weights = [home_share * w / sum(home.values()) for w in home.values()]
    weights += [(1 - home_share) * w / sum(away.values()) for w in away.values()]
    return codes, weights

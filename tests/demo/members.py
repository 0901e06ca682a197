#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Invented members as JSON Lines on standard output.

    tests/demo/members.py SEED [COUNT] [--photos DIR]

With --photos two members in five have a drawn silhouette for a photo, in DIR, whose folder is where the records belong.
The same arguments give the same bytes.  The mix is a profession's: seven in ten non-practising, common and rare
characters, minority and foreign names, a few members who have left, and a dozen records that Hufu must refuse (fewer
when COUNT is below 192).  All people are invented; passport spellings are given, never computed.
"""
import argparse
import hashlib
import json
import os
import random
import struct
import sys
import zlib
from datetime import date, timedelta

# Surnames with the spelling of the passport; among them those whose first reading in dictionaries is another.
SURNAMES = [
    ("王", "WANG"), ("李", "LI"), ("张", "ZHANG"), ("刘", "LIU"), ("陈", "CHEN"), ("杨", "YANG"), ("赵", "ZHAO"),
    ("黄", "HUANG"), ("周", "ZHOU"), ("吴", "WU"), ("徐", "XU"), ("孙", "SUN"), ("胡", "HU"), ("朱", "ZHU"),
    ("高", "GAO"), ("林", "LIN"), ("何", "HE"), ("郭", "GUO"), ("马", "MA"), ("罗", "LUO"), ("梁", "LIANG"),
    ("宋", "SONG"), ("郑", "ZHENG"), ("谢", "XIE"), ("韩", "HAN"), ("唐", "TANG"), ("冯", "FENG"), ("于", "YU"),
    ("董", "DONG"), ("萧", "XIAO"), ("程", "CHENG"), ("吕", "LYU"), ("欧阳", "OUYANG"), ("司马", "SIMA"),
]
POLYPHONES = [
    ("单", "SHAN"), ("解", "XIE"), ("仇", "QIU"), ("曾", "ZENG"), ("区", "OU"), ("盖", "GE"), ("查", "ZHA"),
    ("翟", "ZHAI"), ("朴", "PIAO"), ("尉迟", "YUCHI"), ("万俟", "MOQI"), ("乐", "YUE"), ("任", "REN"), ("华", "HUA"),
    ("冼", "XIAN"), ("缪", "MIAO"), ("覃", "QIN"), ("长孙", "ZHANGSUN"), ("逄", "PANG"), ("员", "YUN"),
]
GIVEN = [
    ("嘉", "JIA"), ("禾", "HE"), ("文", "WEN"), ("思", "SI"), ("远", "YUAN"), ("若", "RUO"), ("安", "AN"), ("明", "MING"),
    ("知", "ZHI"), ("行", "XING"), ("子", "ZI"), ("墨", "MO"), ("清", "QING"), ("予", "YU"), ("怀", "HUAI"),
    ("瑾", "JIN"), ("一", "YI"), ("诺", "NUO"), ("景", "JING"), ("初", "CHU"), ("望", "WANG"), ("舒", "SHU"),
    ("云", "YUN"), ("川", "CHUAN"), ("可", "KE"), ("心", "XIN"), ("亦", "YI"), ("凡", "FAN"), ("书", "SHU"),
    ("言", "YAN"), ("绿", "LYU"), ("女", "NYU"), ("略", "LUE"), ("昊", "HAO"), ("然", "RAN"), ("沐", "MU"),
    ("晨", "CHEN"), ("启", "QI"), ("平", "PING"), ("宁", "NING"), ("冬", "DONG"), ("夏", "XIA"), ("青", "QING"),
    ("石", "SHI"), ("乔", "QIAO"), ("松", "SONG"), ("竹", "ZHU"), ("溪", "XI"), ("岚", "LAN"), ("岳", "YUE"),
]
# Characters that systems lose: Extension A, B, C, E, F, and two that were private use before they had a code point.
RARE = [
    ("䶮", "YAN"), ("㛃", "JIE"), ("𬱖", "DI"), ("𤧛", "SUO"), ("𫄧", "CHI"), ("㮾", "LANG"), ("𨱏", "CHANG"),
    ("𡐓", "XIAN"), ("𣲗", "WEI"), ("𬇙", "FU"), ("𬘓", "CHEN"), ("𪟝", "JI"), ("㧑", "HUI"), ("㛹", "PIAN"),
    ("㬎", "XIAN"), ("𬍛", "LI"), ("龴", "YI"), ("𠅤", "TING"), ("鿍", "GANG"), ("堃", "KUN"), ("喆", "ZHE"),
    ("赟", "YUN"), ("頔", "DI"), ("翀", "CHONG"), ("曌", "ZHAO"), ("犇", "BEN"), ("镕", "RONG"),
]
# Names with the middle dot, of two parts or more; the passport has no surname in them.
DOTTED = [
    ("阿卜杜热合曼", "ABDURAHMAN"), ("麦麦提艾力", "MAMATALI"), ("吐尔逊尼牙孜", "TURSUNNIYAZ"), ("古丽娜尔", "GULNAR"),
    ("买买提", "MAMAT"), ("艾合买提", "AHMAT"), ("帕提古丽", "PATIGUL"), ("叶尔兰", "YERLAN"), ("热依汗", "RAYHAN"),
    ("阿依古丽", "AYGUL"), ("努尔兰", "NURLAN"), ("迪丽达尔", "DILDAR"),
]
SOLID = [("次仁卓玛", "CIRENZHUOMA"), ("扎西顿珠", "ZHAXIDUNZHU"), ("白玛央金", "BAIMAYANGJIN"), ("索朗旺堆", "SUOLANGWANGDUI"),
         ("其其格", "QIQIGE"), ("巴图孟和", "BATUMENGHE")]
TRADITIONAL = [("陳", "CHAN"), ("黃", "WONG"), ("張", "CHEUNG"), ("劉", "LAU"), ("葉", "YIP"), ("鄭", "CHENG")]
TRADITIONAL_GIVEN = [("大文", "TAI MAN"), ("志豪", "CHI HO"), ("美儀", "MEI YEE"), ("家輝", "KA FAI"), ("詠詩", "WING SZE")]
FOREIGN_GIVEN = ["Anne-Marie", "Siobhán", "Jürgen", "Zoë", "Łukasz", "Søren", "Thị Hồng", "Kwame", "María José", "Ngọc"]
FOREIGN_SURNAMES = ["O’Brien-Nguyễn", "Müller", "Østergaard", "Nguyễn", "de la Cruz", "Żółkiewska", "Mac Giolla", "Ångström",
                    "Owusu", "Ferreira Leitão"]
FIRMS = [
    ("示范甲会计师事务所（特殊普通合伙）", "Model A CPAs LLP (Special General Partnership)"),
    ("示范乙会计师事务所（普通合伙）", "Model B CPAs (General Partnership)"),
    ("示范丙会计师事务所有限公司", "Model C CPAs Limited"),
    ("示范丁联合会计师事务所", "Model D United CPAs"),
]
ASSOCIATIONS = ["SX99", "BJ99", "SH99", "GD99", "JS99", "ZJ99", "SD99", "SC99", "HB99", "XZ99"]
LAST_DAY = date(2025, 12, 31)


def day_text(rng, first, last):
    return (first + timedelta(days=rng.randrange((last - first).days + 1))).isoformat()


def han_name(rng, surnames, given):
    family, family_latin = rng.choice(surnames)
    parts = [rng.choice(given) for _ in range(rng.choice([1, 2, 2, 2]))]
    given_latin = "".join(p[1] for p in parts)
    return {"native": family + "".join(p[0] for p in parts),
            "latin": {"full": f"{family_latin} {given_latin}", "surname": family_latin, "given": given_latin,
                      "source": "passport"}}


def rare_name(rng):
    name = han_name(rng, SURNAMES + POLYPHONES, GIVEN)
    rare, rare_latin = rng.choice(RARE)
    name["native"] += rare
    name["latin"]["given"] += rare_latin
    name["latin"]["full"] += rare_latin
    return name


def dotted_name(rng):
    parts = rng.sample(DOTTED, rng.choice([2, 2, 2, 3]))
    latin = " ".join(p[1] for p in parts)
    return {"native": "·".join(p[0] for p in parts), "latin": {"full": latin, "given": latin, "source": "passport"}}


def solid_name(rng):
    native, latin = rng.choice(SOLID)
    return {"native": native, "latin": {"full": latin, "given": latin, "source": "passport"}}


def traditional_name(rng):
    (family, family_latin), (given, given_latin) = rng.choice(TRADITIONAL), rng.choice(TRADITIONAL_GIVEN)
    english = rng.choice(["", ", PETER", ", GRACE"])
    return {"native": family + given, "latin": {"full": f"{family_latin} {given_latin}{english}", "surname": family_latin,
                                                "given": given_latin + english, "source": "passport"}}


def foreign_name(rng):
    given, family = rng.choice(FOREIGN_GIVEN), rng.choice(FOREIGN_SURNAMES)
    return {"latin": {"full": f"{given} {family}", "surname": family, "given": given, "source": "passport"}}


def name_of(rng):
    """A name and whether its bearer belongs to no local association."""
    roll = rng.random()
    if roll < 0.74:
        return han_name(rng, SURNAMES, GIVEN), False
    if roll < 0.82:
        return han_name(rng, POLYPHONES, GIVEN), False
    if roll < 0.88:
        return rare_name(rng), False
    if roll < 0.92:
        return dotted_name(rng), False
    if roll < 0.94:
        return solid_name(rng), False
    if roll < 0.97:
        return traditional_name(rng), True
    return foreign_name(rng), True


def status_put(rng, record):
    roll = rng.random()
    if roll < 0.96:
        return
    status, reason = rng.choice([("suspended", None), ("lapsed", "arrears"), ("resigned", "request"),
                                 ("cancelled", "left_practice"), ("annulled", "stopped_practising"),
                                 ("revoked", "penalty"), ("deceased", None), ("deceased", None), ("resigned", None)])
    record["status"] = status
    record["status_since"] = day_text(rng, date(2026, 1, 1), date(2026, 6, 30))
    if reason:
        record["status_reason"] = reason


def member(rng, number):
    practising = rng.random() < 0.3
    name, national = name_of(rng)
    admitted = day_text(rng, date(1996, 1, 1), LAST_DAY)
    record = {
        "schema": "hufu.member/1", "member_id": f"d-{number:06d}", "rev": rng.choice([1, 1, 1, 2, 3]),
        "updated_at": f"{day_text(rng, date(2026, 1, 1), date(2026, 6, 30))}T{rng.randrange(8, 18):02d}:00:00+08:00",
        "member_no": f"9900{number:08d}" if practising else f"N99{number:05d}",
        "class": "practising" if practising else "non_practising", "status": "active", "name": name,
        "association": {"code": "MICPA" if national else rng.choice(ASSOCIATIONS)},
        "admission": {"date": admitted, "route": rng.choice(["exam", "exam", "exam", "assessment", "conversion"])},
    }
    if "native" in name and rng.random() < 0.04:
        del name["latin"]
    if rng.random() < 0.92:
        record["sex"] = rng.choice("MF")
    if practising:
        firm = rng.choice(FIRMS)
        record["practice"] = {"since": admitted, "firm_zh": firm[0], "firm_en": firm[1], "audit_rights": True}
        record["annual_check"] = {"year": 2026, "result": "passed", "date": "2026-05-31"}
    if rng.random() < 0.6:
        record["qualification"] = {"exam_cert_no": f"S{number:07d}", "passed_year": max(1991, int(admitted[:4]) - 1)}
    if rng.random() < 0.5:
        record["dues_paid_through"] = "2026-12-31"
    if rng.random() < 0.02 and "native" in name:
        name["former"] = [{"native": name["native"][0] + "某", "until": "2015-05-01"}]
    status_put(rng, record)
    return record


def refused(record, how):
    """Spoil a record in one of a dozen ways, each as registers do it."""
    record.pop("status_since", None)
    record.pop("status_reason", None)
    record["status"] = "active"
    name = record["name"]
    name.setdefault("native", "王丙")
    name.setdefault("latin", {"full": "WANG BING", "source": "declared"})
    native = name["native"]
    if how == 0:
        name["native"] = native[0] + "\ue863"            # 䶮 in its old GBK slot
    elif how == 1:
        name["native"] = native[0] + "\ue123"            # a private code nobody here knows
    elif how == 2:
        name["native"] = native[0] + "葛\U000e0100"       # an ideographic variation
    elif how == 3:
        name["native"] = "\uf9d1" + native[-1]           # 六 as a compatibility ideograph
    elif how == 4:
        record["admission"]["date"] = "2021-02-29"
    elif how == 5:
        record["association"]["code"] = "QQ99"
    elif how == 6:
        name["native"] = native[0] + "?"                 # lost in a conversion
    elif how == 7:
        name["latin"]["full"] = "ＺＨＡＮＧ ＳＡＮ"
    elif how == 8:
        record["admission"]["date"] = "2099-01-01"
    elif how == 9:
        name["native"] = native[0] + "\u200d" + native[-1]
    elif how == 10:
        name["native"] = " " + native
    else:
        record["id_number"] = "000000000000000000"       # must never enter
    return record


PHOTO_WIDTH, PHOTO_HEIGHT = 295, 413  # pixels: 35 × 49 mm at 214 dpi
GROUND, COAT, LINE = range(3)  # the palette


def figure_half(y, build):
    """Half the width of head, neck or shoulders in row y, as shares of the picture; 0 above the head."""
    y /= PHOTO_HEIGHT
    head, shoulders = 0.0, 0.0
    if 0.22 < y < 0.58:
        head = build * (1 - ((y - 0.40) / 0.18) ** 2) ** 0.5
    if y > 0.55:
        head = max(head, 0.07)
    if y > 0.66:
        shoulders = 0.42 * (1 - (max(0.0, 0.90 - y) / 0.24) ** 2) ** 0.5
    return max(head, shoulders)


def portrait(rng):
    """A silhouette in hatched lines as a PNG of three colours (PNG §4.5 to §11), tinted by chance."""
    hue, build = rng.random(), rng.uniform(0.17, 0.21)
    tints = [tuple(round(255 * (1 - depth * (0.6 + 0.4 * ((hue + shift) % 1)))) for shift in (0, 1 / 3, 2 / 3))
             for depth in (0.10, 0.62, 0.80)]
    rows = bytearray()
    for y in range(PHOTO_HEIGHT):
        half = round(figure_half(y, build) * PHOTO_WIDTH)
        side = PHOTO_WIDTH // 2 - half
        rows += b"\0" + bytes([GROUND]) * side + bytes([LINE if y % 6 < 2 else COAT]) * (2 * half)
        rows += bytes([GROUND]) * (PHOTO_WIDTH - side - 2 * half)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", PHOTO_WIDTH, PHOTO_HEIGHT, 8, 3, 0, 0, 0)) +
            chunk(b"PLTE", bytes(part for tint in tints for part in tint)) +
            chunk(b"IDAT", zlib.compress(bytes(rows), 6)) + chunk(b"IEND", b""))


def photo_put(rng, record, folder):
    """Chance of its own, so that the records are otherwise the same with photos and without."""
    if rng.random() >= 0.4:
        return
    data, name = portrait(rng), record["member_id"] + ".png"
    with open(os.path.join(folder, name), "wb") as out:
        out.write(data)
    record["photo"] = {"path": f"{os.path.basename(os.path.normpath(folder))}/{name}",
                       "sha256": hashlib.sha256(data).hexdigest()}


def main():
    args = argparse.ArgumentParser()
    args.add_argument("seed", type=int)
    args.add_argument("count", type=int, nargs="?", default=1000)
    args.add_argument("--photos", metavar="DIR")
    args = args.parse_args()
    rng, photos, count = random.Random(args.seed), random.Random(f"photos of {args.seed}"), args.count
    if args.photos:
        os.makedirs(args.photos, exist_ok=True)
    spoiled = rng.sample(range(count), min(12, max(1, count // 16))) if count > 1 else []
    for number in range(count):
        record = member(rng, number + 1)
        if number in spoiled:
            record = refused(record, spoiled.index(number))
        if args.photos:
            photo_put(photos, record, args.photos)
        sys.stdout.buffer.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


main()

"""The tables of a record system as public-health forms are exported: Chinese columns, the forms' own codes."""

from __future__ import annotations

PEOPLE = """\
健康档案编号,姓名,性别,出生日期,管理机构,联系电话
371001,某甲,男,1950/3/1,甲村,000
371002,某乙,2.女,1970/5/5,甲村,
371003,某丙,女性,1980/1/1,乙村,
371004,某丁,9,1955/1/1,乙村,
"""
CARDS = """\
健康档案编号,建卡日期,管理机构
371001,2023/5/1,甲村
371002,2024/2/1,甲村
371004,,乙村
"""
VISITS = """\
健康档案编号,随访日期,随访方式,收缩压（mmHg）,舒张压（mmHg）,药物不良反应,此次随访分类,下次随访日期,随访医生签名
371001,2024/2/1,1 门诊,145,85,1无,1控制满意,2024/5/1,某
371001,2024/5/1,1,138,80,1,1,2024/8/1,某
371002,2024/2/15,家庭,152,95,2有,3不良反应,,某
371002,2024/3/1,家访,1520,95,无,2,2024/6/1,某
371002,2024/4/1,5 自助,130,85,无,1,,某
371099,2024/4/1,电话,130,85,无,1,,某
371001,2024/5/1,1,138,80,1,1,2024/8/1,某
"""
SUGAR_VISITS = """\
编号,本次随访日期,随访方式代码,血压(mmHg),空腹血糖值(mmol/L),此次随访分类
371003,20240301,2,130/82,7.2,1
371003,20240601,9,128／80,6.1,4
"""
ENDS = """\
档案号,终止日期,终止原因,病种
371003,2024/9/1,误诊,高血压
371002,2024/10/1,失访,"高血压、2型糖尿病"
"""
FILES = {
    "个人基本信息.csv": PEOPLE,
    "高血压管理卡.csv": CARDS,
    "高血压患者随访记录.csv": VISITS,
    "糖尿病随访.csv": SUGAR_VISITS,
    "终止管理登记.csv": ENDS,
}


def export(folder, files=None, encoding="utf-8"):
    """Write the tables into a folder and give the folder."""
    folder.mkdir(exist_ok=True)
    for name, text in (FILES if files is None else files).items():
        (folder / name).write_text(text, encoding)
    return folder


def happened(log, patient_id):
    """Give the events of a person as texts, values by name."""
    told = []
    for event in log.events_of(log.find(patient_id)):
        day, kind, *values = str(event).split()
        told.append(" ".join([day, kind, *sorted(values)]))
    return told

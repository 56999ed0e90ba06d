"""The commands of the command line, their output and their exit status."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from itertools import groupby

import pytest
from cli_world import registry, run
from click.testing import CliRunner
from definitions_world import SMALL
from linked_world import LOAN

import singledisease as sd
from singledisease.catalogue import GROUPS
from singledisease.cli.commands import COMMANDS
from singledisease.cli.commands import singledisease as commands
from singledisease.io.definitions import read_disease_text, write_disease
from singledisease.text_layout import width_of

KPI_KEYS = (
    "measure",
    "version",
    "policy",
    "period_start",
    "period_end",
    "complete",
    "by",
    "groups",
    "initial_population",
    "excluded",
    "denominator",
    "numerator",
    "unknown",
    "rate",
    "ci_low",
    "ci_high",
)


@pytest.fixture(name="data")
def _data(tmp_path):
    return registry(tmp_path / "data")


@pytest.fixture(name="control")
def _control(data):
    """Give a function that runs ``kpi`` and gives the rows of hypertension.control."""

    def rows(*arguments):
        done = run("kpi", data, "--period", "2024", "--format", "json", *arguments)
        assert done.exit_code == 0, done.output
        return [row for row in json.loads(done.stdout) if row["measure"] == "hypertension.control"]

    return rows


# KPI


def test_kpi_prints_a_table(data):
    """The table names every measure, and the policies stand below it."""
    done = run("kpi", data, "--period", "2024")
    assert done.exit_code == 0
    assert "Hypertension: control" in done.stdout
    assert "lost=not_at_goal" in done.stdout


def test_kpi_speaks_chinese(data):
    """With --lang zh the table is in Chinese."""
    assert "高血压规范管理率" in run("kpi", data, "--period", "2024", "--lang", "zh").stdout


def test_kpi_json_has_the_promised_keys(control):
    """Each object has every key that other programs read, under the names they read."""
    (row,) = control()
    assert [key for key in KPI_KEYS if key not in row] == []
    assert row["groups"] == {
        "outside": 0,
        "excluded:misdiagnosed": 1,
        "not_numerator": 2,
        "unknown": 0,
        "numerator": 1,
    }
    assert (row["denominator"], row["numerator"], row["excluded"]) == (3, 1, 1)
    assert (row["period_start"], row["period_end"], row["complete"]) == ("2024-01-01", "2024-12-31", True)


def test_kpi_without_denominator_has_no_rate(control):
    """Where the denominator is 0 the rate is null, not 0."""
    rows = {row["by"]["institution"]: row for row in control("--by", "institution")}
    assert (rows["B"]["denominator"], rows["B"]["rate"]) == (0, None)


def test_kpi_csv_reads_back(data):
    """The CSV has a header and one line for each measure."""
    done = run("kpi", data, "--period", "2024", "--disease", "hypertension", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["measure"].split(".")[1] for row in rows] == ["managed", "standardized_management", "control"]


def test_kpi_by_several_strata(control):
    """--by may be repeated; each row names all of them."""
    rows = control("--by", "institution", "--by", "sex")
    assert {"institution": "A", "sex": "male"} in [row["by"] for row in rows]


def test_what_counts_institutions_is_left_out_where_people_are_grouped(data, tmp_path):
    """A whole set can be asked for by sex; a file of nothing but institutions cannot."""
    done = run("kpi", data, "--period", "2024", "--measures", "cn-county", "--by", "sex", "--format", "json")
    found = {row["measure"] for row in json.loads(done.stdout)}
    assert "county.contracted" in found
    assert "county.remote_coverage" not in found
    assert "county.remote_coverage" in done.stderr
    assert "are left out here" in done.stderr
    text = 'id = "x"\nversion = "1"\n[[measures]]\nid = "seen"\nof = "institutions()"\nnumerator = "True"\n'
    text += '[[measures]]\nid = "share"\nform = "derived"\nvalue = "rate(\'seen\')"\n'
    (tmp_path / "places.toml").write_text(text, encoding="utf-8")
    asked = ("kpi", data, "--period", "2024", "--measures", tmp_path / "places.toml")
    refused = run(*asked, "--by", "sex")
    assert refused.exit_code in (1, 2)
    assert "institutions, which have no such stratum" in refused.stderr
    assert json.loads(run(*asked, "--format", "json").stdout)[0]["measure"] == "seen"


def test_kpi_in_months(data):
    """A period cut into months gives a row for each."""
    done = run("kpi", data, "--period", "2024/month", "--disease", "hypertension", "--format", "json")
    assert len(json.loads(done.stdout)) == 3 * 12


def test_kpi_policy_changes_the_figure(control):
    """--policy lost=exclude takes the lost person out of the denominator and says so."""
    (row,) = control("--policy", "lost=exclude")
    assert (row["denominator"], row["groups"]["excluded:lost"], row["policy"]["lost"]) == (2, 1, "exclude")


def test_kpi_leaves_out_a_policy_that_none_of_the_chosen_measures_has(data):
    """age_on is a policy of the set, but diabetes control has no age: it is left out, and told."""
    done = run("kpi", data, "--period", "2024", "--disease", "type2-diabetes", "--policy", "age_on=period_end")
    assert done.exit_code == 0
    assert "age_on" in done.stderr
    assert run("kpi", data, "--period", "2024", "--policy", "age_o=period_end").exit_code == 2


def test_kpi_is_given_the_code_sets_that_measures_name(data, tmp_path):
    """--code-sets reads them; without them every one that is missing is named, with status 1."""
    file = tmp_path / "mine.toml"
    seen = 'events().where(code.is_in(codes("mine.hospice"))).exists()'
    file.write_text(f"""id = "mine"\nversion = "1"\n[[measures]]\nid = "seen"\nnumerator = '{seen}'\n""", "utf-8")
    codes = tmp_path / "codes.csv"
    codes.write_text("name,code\nhospice,Z51.5\n", "utf-8")
    asked = ("kpi", data, "--period", "2024", "--measures", str(file))
    refused = run(*asked)
    assert refused.exit_code == 1
    assert "mine.hospice: no code set of this name was given" in refused.stderr
    assert run(*asked, "--code-sets", str(codes)).exit_code == 0


def test_kpi_as_of_takes_back_what_was_not_known(control):
    """As of a day in the period, later rows are not known and the period is not complete."""
    (row,) = control("--as-of", "2024-05-15")
    assert row["complete"] is False


def test_engines_print_the_same(data):
    """The reference engine prints, byte for byte, what the columnar one prints."""
    asked = ("kpi", data, "--period", "2024/quarter", "--by", "institution", "--format", "json")
    assert run(*asked, "--engine", "reference").stdout == run(*asked).stdout


def test_kpi_rolls_up(control):
    """With --roll-up the township has the sum of its villages."""
    rows = {row["by"]["institution"]: row for row in control("--by", "institution", "--roll-up")}
    assert rows["T"]["denominator"] == 3


def test_load_report_goes_to_standard_error(data):
    """What became of the rows is told on standard error, with the first refusals and their places."""
    done = run("kpi", data, "--period", "2024", "--format", "json")
    assert "refused 1" in done.stderr
    assert "events.csv:7" in done.stderr
    json.loads(done.stdout)


# EXPLAIN


def test_explain_names_file_and_line(data):
    """The text names the reading that decided, with file and line."""
    done = run("explain", data, "--patient", "P2", "--period", "2024", "--measure", "hypertension.control")
    assert done.exit_code == 0
    assert "[events.csv:6]" in done.stdout


def test_explain_speaks_chinese(data):
    """With --lang zh the explanation is in Chinese."""
    assert "收缩压" in run("explain", data, "--patient", "P2", "--period", "2024", "--lang", "zh").stdout


def test_explain_json_names_the_group(data):
    """The JSON has one object for each measure, with the group the person is counted in."""
    done = run("explain", data, "--patient", "P4", "--period", "2024", "--format", "json")
    groups = {answer["measure"]: answer["group"] for answer in json.loads(done.stdout)["measures"]}
    assert groups["hypertension.control"] == "not_numerator"
    assert groups["type2-diabetes.control"] == "outside"


def test_explain_unknown_person_is_wrong_usage(data):
    """A person who is not in the registry: status 2, and the ids that resemble it."""
    done = run("explain", data, "--patient", "P22", "--period", "2024")
    assert done.exit_code == 2
    assert "P2" in done.stderr


# WORKLIST


def test_worklist_lists_what_is_overdue(data):
    """The two-week review of the unsatisfactory reading is listed as late, as CSV too."""
    done = run("worklist", data, "--on", "2024-06-30", "--disease", "hypertension", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    (review,) = [row for row in rows if row["patient_id"] == "P2" and row["item"] == "review"]
    assert (review["due"], review["overdue_days"]) == ("2024-02-29", "122")


def test_worklist_sorted_by_institution(data):
    """--by institution sorts by it before anything else."""
    done = run("worklist", data, "--on", "2024-06-30", "--by", "institution", "--format", "json")
    institutions = [row["institution"] for row in json.loads(done.stdout)]
    assert institutions == sorted(institutions)


def test_worklist_needs_a_day(data):
    """There is no clock: without --on the command is not understood."""
    assert run("worklist", data).exit_code == 2


# CATALOGUE, DRAW, CHECK


def test_catalogue_lists_what_there_is():
    """Diseases, sets of measures and measures are listed."""
    done = run("catalogue")
    assert done.exit_code == 0
    for name in ("hypertension", "cn-bphs-2017", "type2-diabetes.control"):
        assert name in done.stdout


def test_catalogue_lists_diseases_by_group():
    """The diseases of a specialty group stand together, each with the name of the group."""
    rows = json.loads(run("catalogue", "--lang", "zh", "--format", "json").stdout)
    groups = [row["group"] for row in rows if row["what"] == "病种"]
    assert len(groups) == len(sd.diseases())
    assert [group for group, _ in groupby(groups)] == [group.names.zh for group in GROUPS.values()]
    assert {row["group"] for row in rows if row["what"] != "病种"} == {""}


def test_a_disease_is_asked_for_by_its_name(tmp_path):
    """Wherever an id is taken, a name in either language is, whatever its letter case and blanks."""
    shown = run("catalogue", "show", "hypertension", "--lang", "zh").stdout
    assert run("catalogue", "show", "高血压", "--lang", "zh").stdout == shown
    assert run("draw", "Type 2 Diabetes").stdout == run("draw", "type2-diabetes").stdout
    data = registry(tmp_path / "data")
    asked = [
        run("kpi", data, "--period", "2024", "--disease", each, "--format", "csv").stdout
        for each in ("高血压", "HYPERTENSION", "hypertension")
    ]
    assert asked[0] == asked[1] == asked[2]
    assert "hypertension.control" in asked[0]
    signed = tmp_path / "signed.toml"
    for _ in range(2):
        done = run("catalogue", "sign", signed, "--disease", "高血压", "--by", "专家组", "--on", "2024-05-01")
        assert done.exit_code == 0
    assert 'overlay_of = "hypertension"' in signed.read_text("utf-8")


def test_a_disease_is_shown_where_it_belongs():
    """Its specialty group with the team, and whose a code of its is too."""
    kidney = run("catalogue", "show", "diabetic-kidney-disease", "--lang", "en").stdout
    assert "Specialty group kidneys and urinary tract · chief-physician team" in kidney
    assert "Code E11.2 is also of Type 2 diabetes (type2-diabetes)" in kidney
    diabetes = run("catalogue", "show", "2型糖尿病", "--lang", "zh").stdout
    assert "专病组 内分泌代谢 · 内分泌代谢首席专家团队" in diabetes
    assert "编码 E11 也属：" in diabetes
    assert "也属" not in run("catalogue", "show", "gout-hyperuricaemia", "--lang", "zh").stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("hypertension", "来源 bphs2017"),
        ("cn-bphs-2017", "hypertension.standardized_management"),
        ("hypertension.control", "last_follow_up | any_mode | include_measurements | day_lowest"),
    ],
)
def test_catalogue_shows_one(name, said):
    """A disease is shown with its sources, a set with its measures, a measure with its policies."""
    done = run("catalogue", "show", name, "--lang", "zh")
    assert done.exit_code == 0
    assert said in done.stdout


def test_catalogue_unknown_name():
    """A name that is not in the catalogue: status 2, and what resembles it."""
    done = run("catalogue", "show", "hypertenson")
    assert done.exit_code == 2
    assert "did you mean hypertension" in done.stderr
    assert "did you mean 高血压" in run("catalogue", "show", "高血圧").stderr
    assert run("catalogue", "show", "没有").stderr.endswith("`singledisease catalogue` 列出全部 / lists them all\n")


@pytest.mark.parametrize(
    ("form", "start"), [("mermaid", "---\ntitle"), ("dot", "digraph"), ("table", "Type 2 diabetes")]
)
def test_draw(form, start):
    """Each form of drawing begins as its language does."""
    assert run("draw", "type2-diabetes", "--format", form).stdout.startswith(start)


def test_check_sound_file(tmp_path):
    """A definition that is sound ends with status 0."""
    file = tmp_path / "mine.toml"
    sd.write("hypertension", file)
    assert run("check", file).exit_code == 0


def test_check_says_what_a_set_decides(tmp_path):
    """What a set of measures reads from a disease, and the disease does not declare, is told with the set's value."""
    file = tmp_path / "gout.toml"
    file.write_text(SMALL, "utf-8")
    done = run("check", file)
    assert done.exit_code == 0
    assert "not declared: visits_per_year" in done.output
    assert "cn-bphs-2017 takes 90 days [confirmed]" in done.output
    assert "cn-bphs-2017 取 90" in run("check", file, "--lang", "zh").output


def test_show_expanded():
    """A disease with its fragments put in is TOML, and says above each part where it comes from."""
    done = run("catalogue", "show", "hypertension", "--expanded")
    assert "# fragment registry: pathway.signals[1], line" in done.output
    assert read_disease_text(done.output) == sd.disease("hypertension")


def test_show_fragment():
    """A fragment says what it is for and what it needs, in the language asked for."""
    english = run("catalogue", "show", "control-loop", "--lang", "en").output
    assert "at_goal (expression) · that a follow-up's reading is at goal" in english
    chinese = run("catalogue", "show", "referral", "--lang", "zh").output
    assert "stays (states) · 出院也不离开的状态，如康复 [缺省: 无]" in chinese


@pytest.mark.parametrize(("what", "key"), [((), "uses"), (("disease",), "order"), (("fragment",), "needs")])
def test_schema(what, key):
    """The JSON Schema of both kinds of file is printed as JSON."""
    assert key in json.loads(run("catalogue", "schema", *what).output)["properties"]


def test_show_set_with_its_parameters():
    """A set of measures lists what it reads from a disease."""
    assert "visits_per_year · " in run("catalogue", "show", "cn-bphs-2017").output


def test_check_tells_all_faults(tmp_path):
    """A definition with two faults is refused with both, status 1."""
    file = tmp_path / "mine.toml"
    sd.write("hypertension", file)
    text = file.read_text("utf-8").replace('initial = "', 'initial = "nowhere_', 1).replace("sbp >=", "spb >=", 1)
    file.write_text(text, "utf-8")
    done = run("check", file)
    assert done.exit_code == 1
    assert "nowhere_" in done.stderr
    assert "spb" in done.stderr


def test_check_tells_faults_in_chinese(tmp_path):
    """With --lang zh each fault is a Chinese sentence with its place, value and way out; the status stays 1."""
    file = tmp_path / "mine.toml"
    sd.write("hypertension", file)
    text = file.read_text("utf-8").replace('initial = "', 'initial = "nowhere_', 1).replace("sbp >=", "spb >=", 1)
    file.write_text(text, "utf-8")
    done = run("check", file, "--lang", "zh")
    assert done.exit_code == 1
    assert "定义有误，共" in done.stderr
    assert "没有叫 'nowhere_" in done.stderr
    assert "的状态 [unknown_state]" in done.stderr
    assert "没有这个名称 'spb'" in done.stderr
    assert "no state is called" not in done.stderr


# REPORT


def test_report_is_one_page(data, tmp_path):
    """The page holds figures, refusals and pathways, and fetches nothing from anywhere."""
    out = tmp_path / "report.html"
    assert run("report", data, "--period", "2024", "--out", out).exit_code == 0
    page = out.read_text("utf-8")
    for part in ("高血压管理人群控制率", "not_in_list", "sd-pathway", "excluded:", "lost=not_at_goal"):
        assert part in page or part == "excluded:"
    assert "http" not in page
    assert "<script" not in page


def test_report_escapes_what_the_data_says(tmp_path):
    """A name in the data that looks like markup is shown, not obeyed."""
    data = registry(tmp_path / "data")
    text = (data / "patients.csv").read_text("utf-8").replace(",A\n", ",<script>x</script>\n")
    (data / "patients.csv").write_text(text, "utf-8")
    out = tmp_path / "report.html"
    run("report", data, "--period", "2024", "--out", out)
    assert "<script>x" not in out.read_text("utf-8")
    assert "&lt;script&gt;x" in out.read_text("utf-8")


def test_report_of_linked_sequences(tmp_path):
    """A pathway over links is counted and shown, and followed by no cohort, since that follows people."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "patients.csv").write_text("patient_id,birth_date\nP1,1960-01-01\n", "utf-8")
    rows = "P1,2024-01-01,loan,b1\nP1,2024-02-01,return,b1\nP1,2024-03-01,loan,b2\n"
    (tmp_path / "data" / "events.csv").write_text("patient_id,date,kind,link\n" + rows, "utf-8")
    (tmp_path / "lend.toml").write_text(write_disease(LOAN), "utf-8")
    measure = """id = "back"
version = "1"
[[measures]]
id = "back"
names = { zh = "归还", en = "back" }
of = 'sequences("lend")'
numerator = 'in_state("lend", "back", on=PERIOD.end)'
"""
    (tmp_path / "back.toml").write_text(measure, "utf-8")
    asked = ("--period", "2024", "--measures", tmp_path / "back.toml", "--disease", tmp_path / "lend.toml")
    done = run("report", tmp_path / "data", *asked, "--out", tmp_path / "report.html")
    assert done.exit_code == 0, done.stderr
    assert "50.0" in (tmp_path / "report.html").read_text("utf-8")


# WRONG USAGE AND REFUSED DATA


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--period", "24"], "is no period"),
        (["--period", "2024", "--policy", "lost"], "name=option"),
        (["--period", "2024", "--policy", "lost=exclude", "--policy", "lost=not_at_goal"], "given as"),
        (["--period", "2024", "--policy", "lost=gone"], "no option"),
        (["--period", "2024", "--policy", "lots=exclude"], "did you mean lost"),
        (["--period", "2024", "--by", "postcode"], "postcode"),
        (["--period", "2024", "--disease", "gout"], "gout"),
        (["--period", "2024", "--measures", "hedis"], "hedis"),
        (["--period", "2024", "--as-of", "2024-13-01"], "2024-13-01"),
        (["--period", "2024", "--roll-up"], "institution"),
        (["--period", "2024", "--time-zone", "Asia/Shanghai"], "time_zone"),
        (["--period", "2024", "--encoding", "utf-9"], "utf-9"),
        ([], "--period"),
    ],
)
def test_wrong_usage_ends_with_two(data, arguments, said):
    """What is wrong with the call is said on standard error, nothing is printed, and the status is 2."""
    done = run("kpi", data, *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_no_such_folder_is_wrong_usage(tmp_path):
    """A path that is not there is wrong usage."""
    assert run("kpi", tmp_path / "nowhere", "--period", "2024").exit_code == 2


def test_missing_file_is_refused(data):
    """A folder without events is refused, by name of the file."""
    (data / "events.csv").unlink()
    done = run("kpi", data, "--period", "2024")
    assert done.exit_code == 1
    assert "events.csv" in done.stderr


def test_nothing_acceptable_is_refused(data):
    """If not one row of a table could be accepted, no figures are printed and the reasons are."""
    (data / "events.csv").write_text("patient_id,date,kind\nP1,yesterday,follow_up\n", "utf-8")
    done = run("kpi", data, "--period", "2024")
    assert done.exit_code == 1
    assert "yesterday" in done.stderr
    assert done.stdout == ""


def test_gb18030_is_hinted_at_and_read(data):
    """A file in GB18030 is refused with the way out, and the way out works."""
    text = (data / "institutions.csv").read_text("utf-8")
    (data / "institutions.csv").write_text(text, "gb18030")
    refused = run("kpi", data, "--period", "2024")
    assert refused.exit_code == 1
    assert "--encoding gb18030" in refused.stderr
    assert run("kpi", data, "--period", "2024", "--encoding", "gb18030").exit_code == 0


def test_mapping_names_foreign_columns_and_codes(data):
    """With a mapping file a clinic's own names give the same figures."""
    asked = ("--period", "2024", "--format", "json")
    wanted = run("kpi", data, *asked).stdout
    text = (data / "events.csv").read_text("utf-8").replace("sbp,dbp", "收缩压,舒张压").replace("clinic", "门诊")
    (data / "events.csv").write_text(text, "utf-8")
    mapping = data / "mapping.toml"
    mapping.write_text(
        '[events.columns]\n"收缩压" = "sbp"\n"舒张压" = "dbp"\n[events.codes.mode]\n"门诊" = "clinic"\n', "utf-8"
    )
    assert run("kpi", data, *asked, "--mapping", mapping).stdout == wanted


# THE PROGRAM ITSELF


def test_version():
    """--version names the version of the package."""
    assert sd.__version__ in run("--version").stdout


def test_every_command_has_help():
    """Every command of the design is there and describes itself in Chinese and English."""
    listed = run("--help").stdout
    for command in ("kpi", "explain", "worklist", "catalogue", "draw", "check", "simulate", "report"):
        assert f"  {command} " in listed
        assert " / " in run(command, "--help").stdout


def test_broken_pipe_is_silent(data):
    """A reader that goes away, as head does, leaves no traceback."""
    command = [sys.executable, "-m", "singledisease.cli.main", "draw", "hypertension"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        complaint = process.stderr.read()
    assert complaint == b""


def test_without_the_extra_it_says_what_to_install():
    """Without click the program says which extra to install, and ends with status 1."""
    code = "import sys; sys.modules['click'] = None; from singledisease.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "singledisease[cli]" in done.stderr
    assert "Traceback" not in done.stderr


# WHAT IS DUE LATER


def test_worklist_looks_thirty_days_ahead(data):
    """What falls due later than 30 days ahead is not shown, and how many those are is told on standard error."""
    shown = run("worklist", data, "--on", "2024-06-30", "--format", "json")
    everything = run("worklist", data, "--on", "2024-06-30", "--format", "json", "--ahead", "all")
    rows, whole = json.loads(shown.stdout), json.loads(everything.stdout)
    assert rows == [row for row in whole if row["due"] <= "2024-07-30"]
    assert len(rows) < len(whole)
    assert f"{len(whole) - len(rows)} more" in shown.stderr
    assert "more" not in everything.stderr


def test_worklist_ahead_is_a_number_of_days(data):
    """Anything but a number of days or ``all`` is wrong usage."""
    assert run("worklist", data, "--on", "2024-06-30", "--ahead", "soon").exit_code == 2


# MAPPINGS


def test_shipped_mappings_stand_in_the_catalogue():
    """The catalogue lists the shipped mappings; shown, one says which files it reads, into what, by which lists."""
    assert "bphs-forms" in run("catalogue", "--lang", "zh").stdout
    shown = run("catalogue", "show", "bphs-forms", "--lang", "en")
    assert shown.exit_code == 0
    assert "*高血压*随访*" in shown.stdout
    assert "--mapping bphs-forms" in shown.stdout
    assert "CV06.00.207" in shown.stdout


def test_code_lists_can_be_shown():
    """A code list is shown with its source, how sure it is, and what each code means."""
    shown = run("catalogue", "show", "CV06.00.207", "--lang", "zh").stdout
    assert "随访方式代码 · CV06.00.207" in shown
    assert "[confirmed]" in shown
    assert "clinic" in shown


def test_a_misspelt_mapping_gets_a_suggestion(tmp_path):
    """A shipped mapping or a file beside the one that is not there is suggested."""
    data = registry(tmp_path / "data")
    (tmp_path / "mapping.toml").write_text("", "utf-8")
    for name, meant in (("bhps-forms", "bphs-forms"), (tmp_path / "maping.toml", "mapping.toml"), ("x", "bphs-forms")):
        done = run("kpi", data, "--mapping", name, "--period", "2024")
        assert done.exit_code == 1
        assert meant in done.stderr


def _every_command():
    yield ()
    for name in COMMANDS:
        yield (name,)
        yield from ((name, sub) for sub in getattr(commands.get_command(None, name), "commands", ()))


@pytest.mark.parametrize("command", list(_every_command()), ids=" ".join)
def test_every_help_fits_a_narrow_terminal_and_has_an_example(command):
    """At 80 places no line of any help is broken by the terminal, and each shows how it is called."""
    shown = CliRunner().invoke(commands, [*command, "--help"], terminal_width=80).output
    assert [line for line in shown.splitlines() if width_of(line) > 80] == []
    assert "  singledisease " in shown.partition("Options")[2]


def test_transitions_name_their_steps_for_people(data):
    """For people a step has a name and a share is a percentage; for machines all stands as it is."""
    asked = ["transitions", data, "--disease", "hypertension", "--from", "2024-01-01", "--to", "2024-03-31"]
    text = run(*asked, "--lang", "en").stdout
    assert text.splitlines()[2].split()[0] == "2024-01"
    assert re.search(r"100\.0 %", text)
    assert run(*asked, "--format", "csv").stdout.startswith("period_start,period_end,from,to,people,of,share")
    assert "period" not in run(*asked, "--show", "matrix", "--lang", "en").stdout


def test_a_measure_is_shown_under_its_defaults_and_then_what_options_change():
    """The rules are those in force if nobody says otherwise; each other option shows the rules that it changes."""
    shown = run("catalogue", "show", "hypertension.control", "--lang", "en").stdout
    rules, _, changed = shown.partition("What another option changes:")
    assert "by the policy" not in rules
    assert "3. lost to follow-up → not_numerator:" in rules
    assert "  lost=exclude\n    3. lost to follow-up → excluded:lost:" in changed
    assert "lost=not_at_goal" not in changed
    assert re.search(r"misdiagnosed=keep\n    2\. closed as misdiagnosed .* \(catches nobody\)\n", changed)
    assert "reading=any_mode" in changed

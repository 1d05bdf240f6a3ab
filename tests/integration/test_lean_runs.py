"""What a run of many cases keeps in memory, and what it does not make because nobody asks for it."""

import pytest

KEPT = """
import gc, pytest

@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter, config):
    from asrlab_pytest.cases.case import AsrCase

    reports = [report for kind in terminalreporter.stats.values() for report in kind]
    luggage = [report for report in reports if getattr(report, "asrlab", None)]
    gc.collect()
    cases = sum(type(thing) is AsrCase for thing in gc.get_objects())
    print(f"reports {len(reports)}, with luggage {len(luggage)}, cases {cases}")
"""

MADE = """
import asrlab_pytest.scoring.entities as entities
import asrlab_pytest.scoring.rows as rows
import pytest

made = {"entities": 0, "words": 0}

def counted(kind, function):
    def call(*arguments, **options):
        made[kind] += 1
        return function(*arguments, **options)
    return call

@pytest.fixture(autouse=True)
def _counting(monkeypatch, request):
    monkeypatch.setattr(entities, "score_entities", counted("entities", entities.score_entities))
    monkeypatch.setattr(rows.Rules, "score", counted("words", rows.Rules.score))
    made.update(entities=0, words=0)
    yield
    print(request.node.name, made)

@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call" and "benchmark" in item.funcargs:
        print(item.name, "extra", *item.funcargs["benchmark"].extra_info)
    return report
"""

CHECKS = """
def test_all(asr_case):
    asr_case.check()

def test_time(asr_case):
    asr_case.check("rtf")
"""


@pytest.fixture
def checked(project):
    project.clip("one", "hello there", thresholds={"wer": 0.0, "rtf": 1000})
    project.write(test_checks=CHECKS)
    return project


def test_what_is_kept(checked):
    """When a run ends neither its cases nor the rows that its reports carried are kept by pytest's objects."""
    checked.write(conftest=KEPT)

    result = checked.run_fresh("-s")

    result.stdout.fnmatch_lines(["reports 6, with luggage 0, cases 0"])


def test_figures_that_nobody_asks_for(checked):
    """A check makes only the figures that have bounds, and a case's JSON is made where a file will hold it."""
    checked.write(conftest=MADE)

    plain, saved = (
        checked.run_apart("-s", "--benchmark-enable"),
        checked.run_apart("-s", "--benchmark-json", "out.json"),
    )

    plain.stdout.fnmatch_lines(
        ["*test_all?polly-one? {'entities': 0, 'words': 1}", "*test_time?polly-one? {'entities': 0, 'words': 0}"]
    )
    plain.stdout.fnmatch_lines(["*test_all?polly-one? extra"])
    saved.stdout.fnmatch_lines(["*test_all?polly-one? extra asr"])
    assert checked.json("out.json")["benchmarks"][0]["extra_info"]["asr"]["wer"] == 0

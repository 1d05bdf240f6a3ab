"""A run fails, and says why, when something that was requested did not happen: baselines and thresholds."""

import json
import xml.etree.ElementTree as ET

import pytest

WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa"
DEAF = '[tool.asrlab.models.polly.options]\nsays = "garbage"\n'
LENIENT = "[tool.asrlab.thresholds]\nwer = 2.0\n"
BASE = ("--asr-baseline", "base.jsonl")


@pytest.fixture(scope="module")
def with_baseline(fresh_project):
    """Six clips, an accuracy test without a gate, and the baseline that a run of it wrote."""
    with fresh_project("with_baseline") as project:
        for number in range(6):
            project.clip(f"c{number}", f"{WORDS} number {number}")
        project.write(test_accuracy="def test_accuracy(asr_case): asr_case.check('wer')")
        project.configure(tables=LENIENT)
        project.run(*BASE, "--asr-update-baseline")
        return project


@pytest.fixture
def plain(fresh_project, with_baseline):
    """A copy of the project with the baseline."""
    with fresh_project("plain", like=with_baseline) as project:
        yield project


def base_lines(project):
    return (project.path / "base.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)


def test_a_baseline_is_compared_without_a_test_that_asks_for_it(plain):
    """A run with a baseline fails if a model got worse, even if no test uses the gate."""
    plain.configure(tables=LENIENT + DEAF)

    result = plain.run(*BASE, "--asr-markdown", "out.md")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(["FAIL * polly*", "asrlab: FAIL accuracy of polly *"])
    assert "FAIL" in (plain.path / "out.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("how", [(), ("-n", "2"), ("--benchmark-json", "it.json")], ids=["plain", "workers", "timed"])
def test_other_reports_of_a_run_that_fails_at_its_end(plain, how):
    """JUnit files, and plugins that read the exit status when the run finishes, say that the run failed, and why."""
    plain.configure(tables=LENIENT + DEAF)
    plain.write(
        conftest="from pathlib import Path\n"
        "def pytest_sessionfinish(session):\n"
        "    if not hasattr(session.config, 'workerinput'):\n"
        "        Path('seen').write_text(str(int(session.exitstatus)))\n"
        "    session.exitstatus = 0\n"
    )

    result = plain.run(*BASE, "--junitxml", "junit.xml", *how)

    suite = ET.parse(plain.path / "junit.xml").find("testsuite")
    failures = suite.findall("testcase/failure")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert (plain.path / "seen").read_text() == "1"
    assert (suite.get("tests"), suite.get("failures"), len(failures)) == ("7", "1", 1)
    assert failures[0].get("message").startswith("FAIL accuracy of polly")
    assert suite.find("testcase[@classname='asrlab'][@name='run']") is not None


def test_the_gate_that_nobody_asked_for_passes(plain):
    """The same run of an unchanged model passes, and says what was compared."""
    result = plain.run(*BASE)

    assert result.ret == 0
    result.stdout.fnmatch_lines(["PASS * polly * same text in all 6 clips"])
    assert len(plain.heard()) == 6


def test_a_narrowed_run_compares_what_it_chose(plain):
    """A run of some clips is compared on those clips only; the others do not make it undecided."""
    result = plain.run(*BASE, "-k", "c1 or c2")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["PASS * polly * same text in all 2 clips"])


def test_the_gate_under_xdist(plain):
    """Under xdist, the controller compares the observations of all workers once."""
    plain.configure(models=("polly", "lora"), tables=LENIENT + DEAF)
    lines = base_lines(plain)
    copies = [json.dumps({**json.loads(line), "model": "lora"}) + "\n" for line in lines[1:]]
    (plain.path / "base.jsonl").write_text("".join([*lines, *copies]), encoding="utf-8")

    result = plain.run("-n", "2", *BASE)

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=12)
    result.stdout.fnmatch_lines(["FAIL * polly*", "PASS * lora*"])


def test_a_cut_baseline(plain):
    """A truncated baseline is refused: its first line states how many texts follow."""
    (plain.path / "base.jsonl").write_text("".join(base_lines(plain)[:2]), encoding="utf-8")

    result = plain.run(*BASE)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*base.jsonl is damaged: its first line states 6 texts, and 1 follow*"])


@pytest.mark.parametrize("texts", [4, -1, None])
def test_a_baseline_without_some_texts(plain, texts):
    """A baseline from which texts were removed is refused, also if their number was edited."""
    head, *lines = base_lines(plain)
    edited = json.dumps({**json.loads(head), "texts": texts}) + "\n"
    (plain.path / "base.jsonl").write_text("".join([edited, *lines[:4]]), encoding="utf-8")

    result = plain.run(*BASE)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*base.jsonl is damaged: *"])


def test_an_empty_baseline(plain):
    """A baseline without texts is refused."""
    head = json.loads(base_lines(plain)[0])
    (plain.path / "base.jsonl").write_text(json.dumps({**head, "texts": 0, "clips": {}}) + "\n", encoding="utf-8")

    result = plain.run(*BASE)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: the baseline *base.jsonl has no text, so that nothing can be compared*"])


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ("polly=kea", "ERROR: baseline_model polly=kea: the baseline *base.jsonl has nothing of kea"),
        ("kea=polly", "ERROR: baseline_model kea=polly: unknown model 'kea'"),
        ("whisper-base=polly", "ERROR: baseline_model whisper-base=polly: this run does not evaluate whisper-base*"),
    ],
)
def test_a_pair_of_an_unknown_model(plain, pair, words):
    """A model in baseline_model that the run or the baseline does not have is refused."""
    result = plain.run(*BASE, "--asr-baseline-model", pair)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([words])


def test_clips_without_a_counterpart(plain):
    """A gate is undecided if selected clips are missing from the baseline; if most are, the run fails."""
    head = {**json.loads(base_lines(plain)[0]), "texts": 2, "clips": {}}
    head.pop("missing")
    (plain.path / "base.jsonl").write_text("".join([json.dumps(head) + "\n", *base_lines(plain)[1:4]]))

    result = plain.run(*BASE)

    result.stdout.fnmatch_lines(["UNDECIDED * polly*", "*coverage: 3 of 6 clips could be compared: *"])
    assert result.ret == 0
    assert plain.run(*BASE, "--asr-undecided", "fail").ret == pytest.ExitCode.TESTS_FAILED

    (plain.path / "base.jsonl").write_text("".join([json.dumps(head) + "\n", *base_lines(plain)[1:3]]))
    result = plain.run(*BASE)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: polly: only 2 of 6 clips could be compared with *base.jsonl", "  hint: *"])


def test_clips_of_other_audio(plain):
    """A gate is undecided if the audio of some clips differs from the baseline; if all differ, the run fails."""
    names = [f"c{number}" for number in range(6)]
    for name, count in (("c0", 1), ("c1", 6)):
        for clip in names[names.index(name) : count]:
            audio = plain.path / "clips" / f"{clip}.wav"
            audio.write_bytes(audio.read_bytes() + b"\0\0\0\0")
        result = plain.run(*BASE)
        if count == 1:
            assert result.ret == 0
            result.stdout.fnmatch_lines(["UNDECIDED *", "*coverage: 5 of 6 clips could be compared: *"])
        else:
            assert result.ret == pytest.ExitCode.TESTS_FAILED
            result.stdout.fnmatch_lines(["UNDECIDED *", "*coverage: 0 of 6 clips could be compared: *"])
            result.stdout.fnmatch_lines(["asrlab: the baseline *base.jsonl was compared with nothing"])


def test_clips_that_are_new_by_intent(plain):
    """A clip that was added to the corpus after the baseline was written does not make the gate undecided."""
    plain.clip("fresh", WORDS)

    result = plain.run(*BASE)

    assert result.ret == 0
    result.stdout.fnmatch_lines(["PASS * polly*", "*1 clip not in the baseline: fresh"])


def test_clips_that_were_renamed(plain):
    """A clip that the baseline has under an id which is gone is not new: the gate is undecided, and says why."""
    manifest = plain.path / "clips" / "manifest.jsonl"
    manifest.write_text(manifest.read_text().replace('"id": "c0"', '"id": "renamed"'))

    result = plain.run(*BASE)

    result.stdout.fnmatch_lines(
        ["UNDECIDED * polly*", "*coverage: 5 of 6 clips could be compared: 1 has another id in*"]
    )
    assert plain.run(*BASE, "--asr-undecided", "fail").ret == pytest.ExitCode.TESTS_FAILED


def test_a_baseline_of_some_clips(plain):
    """A baseline of a narrowed run lists the clips that it lacks, so that they are not mistaken for new ones."""
    (plain.path / "base.jsonl").unlink()
    plain.run(*BASE, "--asr-update-baseline", "--asr-clip", "c1")
    plain.clip("fresh", WORDS)

    result = plain.run(*BASE)

    assert json.loads(base_lines(plain)[0])["missing"] == {"polly": ["c0", "c2", "c3", "c4", "c5"]}
    result.stdout.fnmatch_lines(["UNDECIDED *", "*coverage: 1 of 6 clips could be compared: *"])


def test_an_interrupted_run_writes_no_baseline(plain):
    """An interrupted run does not write a baseline, even if only the last test was cut off."""
    before = base_lines(plain)
    plain.write(
        test_accuracy="""
        def test_accuracy(asr_case):
            asr_case.check("wer")
            if asr_case.clip.id == "c5":
                raise KeyboardInterrupt
        """
    )

    result = plain.run_apart(*BASE, "--asr-update-baseline")

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["asrlab: the baseline *base.jsonl was not written: the run did not finish"])
    assert base_lines(plain) == before


def test_a_run_with_a_case_without_a_result_writes_no_baseline(plain):
    """A run in which a clip could not be read does not write a baseline; one whose thresholds fail does."""
    before = base_lines(plain)
    (plain.path / "clips" / "c2.wav").unlink()

    result = plain.run(*BASE, "--asr-update-baseline")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: the baseline *base.jsonl was not written: 1 case gave no result (polly *"])
    assert base_lines(plain) == before
    plain.configure(tables="[tool.asrlab.thresholds]\nwer = 0.5\n" + DEAF)
    result = plain.run(*BASE, "--asr-update-baseline", "-k", "not c2")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: baseline *base.jsonl written: 5 texts of 1 model*"])


def test_a_run_that_stops_early_writes_no_baseline(plain):
    """A run that stops at the first failure does not write a baseline."""
    before = base_lines(plain)
    plain.configure(tables="[tool.asrlab.thresholds]\nwer = 0.5\n" + DEAF)

    result = plain.run(*BASE, "--asr-update-baseline", "-x")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: the baseline *base.jsonl was not written: the run was broken off before 5 *"])
    assert base_lines(plain) == before


def test_failed_tests_of_a_run_that_ends_with_status_0(plain):
    """A run whose tests failed is not green because a test ends it by `pytest.exit` with exit status 0."""
    plain.configure("thresholds = { wer = 0.0 }")
    plain.clip("wrong", "hello", says="goodbye")
    plain.write(test_zz="import pytest\ndef test_it(): pytest.exit('done', returncode=0)")

    result = plain.run()

    assert result.ret == 1
    result.stdout.fnmatch_lines(["*1 test failed, but a test, hook or plugin ended the run with exit status 0"])


def test_nothing_that_the_baseline_has(plain):
    """A run fails if the baseline has none of its models."""
    plain.configure(models=("polly", "lora"), tables=LENIENT)
    plain.write(test_accuracy="import pytest\n@pytest.mark.parametrize('asr_model', ['lora'], indirect=True)\n"
                "def test_it(asr_model, asr_clip): asr_model.observe(asr_clip)\n")  # fmt: skip
    plain.configure(models=("polly", "lora"))

    result = plain.run(*BASE)

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: the baseline *base.jsonl was compared with nothing"])


def test_no_test_evaluates_a_model(plain):
    """A run with a baseline or record option fails if no test evaluates a model."""
    plain.write(test_accuracy="def test_nothing(): pass")

    result = plain.run(*BASE, "--asr-record=out.jsonl")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    words = "no test of this run evaluates a model, so these options had no effect: --asr-baseline, --asr-record"
    result.stdout.fnmatch_lines([f"asrlab: {words}"])
    plain.configure('baseline = "base.jsonl"\n')
    assert plain.run().ret == 0


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[tool.asrlab.corpus_thresholds]\nwer = 0.5", "[[]tool.asrlab.corpus_thresholds] wer"),
        ("[tool.asrlab.thresholds]\nrtf = 0", "[[]tool.asrlab.thresholds] rtf"),
        ("[tool.asrlab.thresholds]\nentity_recall = 1", "[[]tool.asrlab.thresholds] entity_recall"),
        ("[tool.asrlab.models.polly]\nmax_rtf_ratio = 0.001", "[[]tool.asrlab.models.polly] max_rtf_ratio"),
        ("[tool.asrlab.models.polly]\nmax_rss_mb = 1", "[[]tool.asrlab.models.polly] max_rss_mb"),
        ("[tool.asrlab.models.polly.thresholds]\nrtf = 0", "[[]tool.asrlab.models.polly.thresholds] rtf"),
    ],
)
def test_a_threshold_that_nothing_was_judged_by(project, toml, words):
    """A run fails if no test checks a configured threshold, and names it; a narrowed run only warns."""
    project.clip("one", "hello", says="")
    project.clip("two", "hello", says="")
    own = toml.replace("[tool.asrlab.models.polly]\n", "")
    tables = '[tool.asrlab.models.polly]\nengine = "parrot"\nweights = "here"\n'
    tables += own if own != toml else toml
    tables += "\n[tool.asrlab.thresholds]\nwer = 1.0" if "asrlab.thresholds]" not in toml else "\nwer = 1.0"
    project.configure('model = ["polly"]\n', models=(), tables=tables)
    project.write(test_accuracy="def test_accuracy(asr_case): asr_case.check('wer', 'cer')")

    result = project.run()

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=2)
    assert "asrlab: no test failed, but the run does, as stated above" in result.outlines
    result.stdout.fnmatch_lines([f"asrlab: threshold* never checked: {words}*", "  hint: *"])

    result = project.run("--asr-clip", "one")

    assert result.ret == 0
    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines([f"*AsrlabWarning: threshold* never checked: {words}*"])


def test_thresholds_of_clips_and_marks(project):
    """Thresholds of clips and marks are named if no test checks their metric."""
    project.clip("one", "hello", thresholds={"cer": 0.1, "wer": 0.1})
    project.write(
        test_it="""
        import pytest

        @pytest.mark.asr(rtf=5.0, wer=0.2)
        def test_it(asr_case):
            asr_case.check("wer")
        """
    )

    result = project.run()

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    words = "clip one: cer, @pytest.mark.asr(rtf=5.0, wer=0.2) in test_it.py::test_it: rtf"
    result.stdout.fnmatch_lines([f"asrlab: threshold* never checked: {words}"])


def test_equal_marks_of_two_tests(project):
    """A mark that no check of its own test uses is named, even if another test has one of the same values."""
    project.clip("one", "hello")
    project.write(
        test_it="""
        import pytest

        @pytest.mark.asr(wer=0.2)
        def test_case(asr_case):
            asr_case.check()

        @pytest.mark.asr(wer=0.2)
        def test_pool(asr_corpus):
            assert asr_corpus.wer < 1
        """
    )

    result = project.run()

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    words = "@pytest.mark.asr(wer=0.2) in test_it.py::test_pool: wer"
    result.stdout.fnmatch_lines([f"asrlab: threshold never checked: {words}"])


@pytest.mark.parametrize("takes", ["", "asr_clip"])
def test_a_mark_of_a_test_without_a_model(project, takes):
    """Thresholds of a mark whose test takes no model are refused, and those of its module are for its other tests."""
    project.clip("one", "hello")
    others = "import pytest\n\npytestmark = pytest.mark.asr(wer=0.2)\ndef test_it(asr_case): asr_case.check()\n"
    project.write(test_it=others + "def test_plain(): pass\n")

    assert project.run().ret == 0

    project.write(test_it=others + f"@pytest.mark.asr(wer=0.1)\ndef test_idle({takes}): pass\n")
    result = project.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: test_it.py::test_idle*: @pytest.mark.asr states thresholds, and the test *"])


@pytest.mark.parametrize(
    ("takes", "stated", "options"),
    [("", "wer=0.1", ()), ("", "wer=0.1", ("-n", "1")), ("asr_audit", "werr=0.1", ())],
)
def test_a_mark_in_a_run_without_a_model(project, takes, stated, options):
    """Thresholds of a mark are refused as well where no other test of the run takes a model."""
    project.clip("one", "hello")
    project.write(test_it=f"import pytest\n\n@pytest.mark.asr({stated})\ndef test_idle({takes}): pass\n")

    result = project.run(*options)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert any("test_idle: @pytest.mark.asr states thresholds" in line for line in result.outlines + result.errlines)


def test_a_mark_without_thresholds(project):
    """A mark that states nothing may be a project's own way to name its tests, and begins no evaluation."""
    project.write(test_it="import pytest\n\n@pytest.mark.asr\ndef test_plain(): pass\n")

    result = project.run()

    assert result.ret == 0
    assert "asrlab" not in str(result.stdout).partition("plugins:")[2].partition("\n")[2]


def test_a_check_without_a_threshold(project):
    """A check fails if none of its metrics has a threshold; metrics without one are listed once."""
    project.is_lenient = False
    project.clip("one", "hello")
    project.clip("two", "hello")
    project.write(test_it="def test_it(asr_case): asr_case.check('wer', 'cer')")

    result = project.run()

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*check: no threshold for wer or cer for polly on one, so nothing was checked"])

    project.configure("thresholds = { wer = 0.5 }\n")
    result = project.run()

    assert result.ret == 0
    assert "asrlab: no threshold, so not checked: cer (thresholds)" in result.outlines
    assert str(result.stdout).count("so not checked") == 1


def test_a_model_without_a_threshold(project):
    """A metric that only some models have a threshold for is listed with the models that have none, table by table."""
    project.clip("one", "hello")
    project.write(
        test_it="def test_it(asr_case): asr_case.check('wer', 'cer')",
        test_all="def test_all(asr_corpus): asr_corpus.check('wer', 'rtf', 'entity_recall', 'hallucinated_words')",
    )
    tables = "[tool.asrlab.thresholds]\nwer = 1.0\n[tool.asrlab.corpus_thresholds]\nwer = 1.0\n"
    project.configure(models=("polly", "kea"), tables=f"{tables}[tool.asrlab.models.kea.thresholds]\ncer = 1.0\n")

    assert project.run().outlines[-4:-1] == [
        "asrlab: no threshold, so not checked:",
        "  cer for polly (thresholds)",
        "  entity_recall, hallucinated_words, rtf (corpus_thresholds)",
    ]


def test_what_workers_judged(project):
    """Under xdist, the controller knows which thresholds its workers checked and what they deselected."""
    project.clip("one", "hello")
    project.clip("two", "hello")
    project.configure("thresholds = { wer = 0.5, rtf = 9.0 }\n")
    project.write(test_it="def test_it(asr_case): asr_case.check('wer')")

    result = project.run("-n", "1")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: threshold* never checked: [[]tool.asrlab.thresholds] rtf"])
    assert project.run("-n", "1", "--deselect", "test_it.py::test_it[polly-one]").ret == 0


@pytest.mark.parametrize(
    ("options", "narrowed"),
    [
        (("-k", "one"), True),
        (("-m", "not slow"), True),
        (("--lf",), True),
        (("test_it.py::test_it[polly-one]",), True),
        (("test_it.py",), True),
        (("--asr-model", "polly"), True),
        (("test_it.py", "test_other.py"), False),
        ((".",), False),
        (("-q", "-p", "no:mark2"), False),
    ],
)
def test_what_narrows_a_run(project, options, narrowed):
    """A run counts as narrowed if its arguments leave out tests, files, models or clips, and only then."""
    project.clip("one", "hello")
    project.clip("two", "hello")
    project.configure("thresholds = { wer = 0.5, rtf = 9.0 }\n")
    project.write(test_it="def test_it(asr_case): asr_case.check('wer')", test_other="def test_other(): pass")

    assert project.run(*options).ret == (0 if narrowed else pytest.ExitCode.TESTS_FAILED)


def test_what_a_project_narrows_always(project):
    """Options in addopts do not narrow a run, except for a mark that deselects a test of a model."""
    project.clip("one", "hello")
    project.configure("thresholds = { wer = 0.5, rtf = 9.0 }\n")
    project.write(test_it="def test_it(asr_case): asr_case.check('wer')")
    path = project.path / "pyproject.toml"
    path.write_text(path.read_text() + "\n[tool.pytest.ini_options]\naddopts = \"-m 'not slow' --asr-model polly\"\n")

    assert project.run().ret == pytest.ExitCode.TESTS_FAILED


def test_a_percentage(project):
    """A threshold on an error rate above 1 is warned about, and an obvious percentage is refused, with a correction."""
    project.clip("one", "hello")
    project.evals("accuracy")
    project.configure("thresholds = { wer = 30 }\n")
    result = project.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*wer = 30 is 3000%; write 0.3 for 30%*"])

    project.configure("thresholds = { wer = 1.5 }\n")
    result = project.run()
    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(["*wer = 1.5 is 150%; write 0.015 for 1.5%*"])


def test_a_mark_that_is_misspelt(project):
    """A mark with thresholds whose name resembles `asr` is refused."""
    project.clip("one", "hello")
    project.write(test_it="import pytest\n@pytest.mark.ars(wer=0.1)\ndef test_it(asr_case): asr_case.transcribe()")

    result = project.run("-W", "ignore::pytest.PytestUnknownMarkWarning")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: test_it.py::test_it[[]polly-one]: @pytest.mark.ars(wer=0.1) is not a mark *"])


def test_every_clip_is_quarantined(project):
    """A corpus threshold fails if every clip is quarantined, and the scorecard shows no rate without them."""
    review = {"date": "2026-11-22", "decision": "quarantine", "reason": "unclear"}
    for name in ("one", "two"):
        project.clip(name, "hello there", says="", review=review)
    project.evals("corpus")
    project.configure("corpus_thresholds = { wer = 0.5 }\n")

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*polly: nothing left to judge: *", "*quarantined (*); WER with them*"])


def test_pairs_of_models_without_a_baseline(plain):
    """A pair of models that the command line names asks for a baseline; the pairs of the project do not."""
    result = plain.run("--asr-baseline-model", "polly=lora")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --asr-baseline-model has no effect without a baseline", "  hint: *"])

    plain.configure('model = ["polly"]\nbaseline_model = ["polly=lora"]', tables=LENIENT)
    assert plain.run().ret == 0


def test_undecided_without_a_gate(plain):
    """A run that is to fail where a gate is undecided fails if it has no gate; a narrowed one is warned."""
    result = plain.run("--asr-undecided", "fail")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["asrlab: no gate judged a model, so --asr-undecided had no effect", "  hint: *"])

    narrowed = plain.run("--asr-undecided", "fail", "-k", "c1")
    assert narrowed.ret == 0
    narrowed.stdout.fnmatch_lines(["*so --asr-undecided had no effect*"])

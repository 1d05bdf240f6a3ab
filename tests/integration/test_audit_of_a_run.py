"""The audit in a run: it comes before every model, and no model is judged on clips that it finds at fault."""

import json

import numpy as np
import pytest
import soundfile

from voices import SENTENCES, speak

AUDIT = "def test_corpus_audit(asr_audit):\n    asr_audit.check()\n"


@pytest.fixture
def choir(project):
    """A project with eight clips of five seconds, whose parrot says the right text, and the evals."""

    def make(texts=SENTENCES, says=SENTENCES, **keys):
        for number, (text, said) in enumerate(zip(texts, says, strict=True)):
            keywords = keys.get(f"clip{number}", {})
            speak(project.clip(f"clip{number}", text, says=said, seconds=5.0, **keywords), seed=number)
        project.evals("accuracy", "corpus")
        project.write(test_zz_audit=AUDIT)
        return project

    return make


def test_a_clean_corpus(choir):
    """A corpus without a fault passes, and the audit runs before the first case, whatever its file is called."""
    project = choir()

    result = project.run("-v")

    result.assert_outcomes(passed=1 + 8 + 1)
    order = [line.split("::")[1].split()[0] for line in result.outlines if "::" in line and "PASSED" in line]
    assert order[0] == "test_corpus_audit"
    assert "quarantined" not in result.stdout.str()


def test_an_audit_that_a_test_asks_for_as_it_runs(project):
    """A run without models looks at the clips where a test asks for the audit by `request.getfixturevalue`."""
    project.clip("one", "hello world")
    project.write(test_late="def test_late(request): assert request.getfixturevalue('asr_audit').errors[0].clip")

    project.run().assert_outcomes(passed=1)


def test_an_error_excludes_its_clip(choir):
    """The audit fails and names the clip, the clip's case is skipped with the reason, and the pooled rate is clean."""
    project = choir()
    soundfile.write(project.path / "clips" / "clip3.wav", np.zeros(80_000), 16_000)

    result = project.run("--asr-record", "run.jsonl", "--asr-report", "report.html", "-rs")

    result.assert_outcomes(passed=7 + 1, skipped=1, failed=1)
    result.stdout.fnmatch_lines(["*error clip3: silence: silent (-100 dB), but the text has 7 words*"])
    result.stdout.fnmatch_lines(["*clip3: excluded by the audit: silent*"])
    assert [row["clip"] for row in project.record()[1]] == [f"clip{n}" for n in range(8) if n != 3]
    page = (project.path / "report.html").read_text(encoding="utf-8")
    assert '"findings":["error: silent (-100 dB), but the text has 7 words"]' in page


def test_clips_that_the_audit_excludes(choir):
    """Excluded clips are listed in the order of the corpus, and the gate does not call them those of the baseline."""
    project = choir()
    project.run("--asr-baseline", "base.jsonl", "--asr-update-baseline", "test_accuracy.py")
    for clip in ("clip6", "clip1"):
        soundfile.write(project.path / "clips" / f"{clip}.wav", np.zeros(80_000), 16_000)

    result = project.run("--asr-baseline", "base.jsonl", "--asr-record", "run.jsonl")
    rescored = project.run("--asr-baseline", "base.jsonl", "--asr-rescore", "run.jsonl", "test_accuracy.py")

    result.stdout.fnmatch_lines(["set aside  2 clips excluded by the audit (clip1, clip6)"])
    for output in (result.stdout, rescored.stdout):
        output.fnmatch_lines(["*2 clips excluded by the audit: clip1, clip6"])
        output.no_fnmatch_line("*only in the baseline*")


def test_what_models_fail_on_is_not_excluded(choir):
    """Clips that both models write something else for fail their cases in a second run too, beside the audit."""
    says = ["thank you for watching and see you soon" if number == 3 else text for number, text in enumerate(SENTENCES)]
    project = choir(says=says)
    project.configure(
        "thresholds = { wer = 0.5 }\nmodel = ['polly', 'm']",
        tables='[tool.asrlab.models.m]\nengine = "wicked"\nweights = "here"\n',
    )
    project.run("test_accuracy.py").assert_outcomes(passed=14, failed=2)

    again = project.run("test_accuracy.py", "test_zz_audit.py")

    again.assert_outcomes(passed=14, failed=3)
    again.stdout.fnmatch_lines(["*error clip3: own-distance: *2 models of 2 families write 'thank you*"])
    again.stdout.no_fnmatch_line("*excluded by the audit*")


def test_what_models_write_for_silence_is_judged(choir):
    """A clip without speech that models of two families write the same words for fails in a second run, too."""
    words = "thank you for watching and see you soon"
    project = choir(texts=[*SENTENCES[:-1], ""], says=[*SENTENCES[:-1], words])
    project.configure(
        "thresholds = { hallucinated_words = 0 }\nmodel = ['polly', 'm']",
        tables='[tool.asrlab.models.m]\nengine = "wicked"\nweights = "here"\n',
    )
    project.run("test_accuracy.py").assert_outcomes(passed=14, failed=2)

    again = project.run("test_accuracy.py", "test_zz_audit.py")

    again.assert_outcomes(passed=15, failed=2)
    again.stdout.no_fnmatch_line("set aside*")


@pytest.mark.parametrize(
    ("witness", "excluded"), [((), 0), (("ready",), 0), (("mynah",), 0), (("twin",), 0), (("copy",), 0), (("kea",), 2)]
)
def test_texts_that_models_exchange(choir, witness, excluded):
    """Clips whose texts the models under test exchange are judged, unless a witness of other weights heard so."""
    project = choir(says=[SENTENCES[1], SENTENCES[0], *SENTENCES[2:]])
    ids = {"polly": "here", "mynah": "hers", "twin": "here", "copy": "of it", "kea": "polly-1"}
    tables = "".join(
        f'[tool.asrlab.models.{model}]\nengine = "parrot"\nweights = "{name}"\n' for model, name in ids.items()
    )
    project.configure("thresholds = { wer = 0.5 }\nmodel = ['polly', 'mynah']", tables=tables, models=())
    project.run("test_accuracy.py", *(f"--asr-model={model}" for model in ids))
    heard = [f"--asr-witness={model}" for model in witness]

    again = project.run("test_accuracy.py", "test_zz_audit.py", *heard)

    again.stdout.fnmatch_lines(["*error clip0: swapped: *"])
    again.assert_outcomes(passed=12, failed=1 + 4 - 2 * excluded, skipped=2 * excluded)
    judged = [line for line in again.outlines if line.startswith("  still judged: clip0, clip1; only models under")]
    assert len(judged) == (not excluded)


def test_a_model_under_test_is_no_witness_of_another(choir):
    """Where a run is narrowed to one model, the transcripts that the store has of the others exclude no clip."""
    project = choir(says=[SENTENCES[1], SENTENCES[0], *SENTENCES[2:]])
    tables = '[tool.asrlab.models.m]\nengine = "wicked"\nweights = "here"\n'
    project.configure("thresholds = { wer = 0.5 }\nmodel = ['polly', 'm']", tables=tables)
    project.run("test_accuracy.py")

    alone = project.run("test_accuracy.py", "test_zz_audit.py", "--asr-model=polly")

    alone.assert_outcomes(passed=6, failed=3)


def test_the_only_hint(project):
    """A hint that holds for all that the audit found stands once, below it."""
    path = project.clip("one", "hello world")
    path.write_bytes(path.read_bytes()[:2000])
    project.write(test_zz_audit=AUDIT)

    printed = project.run().stdout.str()

    assert printed.count("hint: ") == 1


@pytest.mark.parametrize(
    ("evals", "status", "workers"),
    [
        ("def test_it(asr_audit): assert not asr_audit.is_data_set", 1, ("-n", "1")),
        ("@pytest.mark.skipif(True, reason='not here')\ndef test_it(asr_audit): asr_audit.check()", 1, ()),
        ("def test_it(asr_audit):\n    try: asr_audit.check()\n    except BaseException: pass", 1, ()),
        ("@pytest.mark.xfail\ndef test_it(asr_audit): asr_audit.check()", 0, ("-n", "1")),
    ],
)
def test_an_error_that_no_test_reports(project, evals, status, workers):
    """A run that excludes a clip is not green unless a test of the audit is marked as one that fails."""
    for number, text in enumerate(SENTENCES[:3]):
        speak(project.clip(f"clip{number}", text, seconds=5.0), seed=number)
    (project.path / "clips" / "clip1.wav").unlink()
    project.evals("accuracy")
    project.write(test_zz_audit=f"import pytest\n{evals}\n")

    result = project.run(*workers)

    assert result.ret == status
    lines = [line for line in result.outlines if "excluded by the audit, and no test failed: clip1" in line]
    assert len(lines) == status


def test_an_error_in_every_clip(project):
    """Where the audit excludes all clips, the corpus test names it among the reasons that there are none."""
    soundfile.write(project.clip("clip", SENTENCES[0]), np.zeros(80_000), 16_000)
    project.evals("corpus")
    project.write(test_zz_audit=AUDIT)

    project.run().stdout.fnmatch_lines(
        ["polly: no clip could be transcribed", "no clip * or the audit excluded them all"]
    )


def test_without_the_audit_nothing_changes(choir):
    """A run whose tests do not ask for the audit judges every clip."""
    project = choir()
    soundfile.write(project.path / "clips" / "clip3.wav", np.zeros(80_000), 16_000)
    (project.path / "test_zz_audit.py").unlink()

    result = project.run()

    result.assert_outcomes(passed=8 + 1)
    assert "excluded" not in result.stdout.str()


def test_a_suspect_clip_is_scored_apart(choir):
    """A clip whose text is in doubt still runs; pooled figures leave it out, and the scorecard states both."""
    project = choir(says=["something else entirely", *SENTENCES[1:]])
    lines = (project.path / "clips" / "manifest.jsonl").read_text().splitlines()
    first = {**json.loads(lines[0]), "text": "<b>the quick brown fox jumps</b> over the lazy dog"}
    (project.path / "clips" / "manifest.jsonl").write_text("\n".join([json.dumps(first), *lines[1:]]))
    project.configure("thresholds = { wer = 0.1 }\ncorpus_thresholds = { wer = 0.0 }\n")

    result = project.run("--asr-record", "run.jsonl")

    result.assert_outcomes(passed=1 + 7 + 1, xfailed=1)
    result.stdout.fnmatch_lines(["set aside  polly: 1 clip quarantined (clip0); WER with it *"])
    assert {row["clip"]: row["quarantined"] for row in project.record()[1]} == {
        f"clip{number}": number == 0 for number in range(8)
    }


def test_a_review_decides(choir):
    """A clip that a review has set apart is quarantined without any audit; one that was dropped is not a case."""
    quarantine = {"review": {"date": "2026-11-22", "decision": "quarantine", "reason": "two people speak"}}
    drop = {"review": {"date": "2026-11-22", "decision": "drop"}}
    project = choir(says=["nonsense", "nonsense", *SENTENCES[2:]], clip0=quarantine, clip1=drop)
    project.configure("corpus_thresholds = { wer = 0.0 }\n")
    (project.path / "test_zz_audit.py").unlink()

    result = project.run()

    result.assert_outcomes(passed=7 + 1)
    result.stdout.fnmatch_lines(["set aside  polly: 1 clip quarantined (clip0); WER with it *"])


def test_a_gate_leaves_the_suspect_out(choir):
    """A model that changed on a quarantined clip alone is as good as before."""
    quarantine = {"review": {"date": "2026-11-22", "decision": "quarantine"}}
    project = choir(clip0=quarantine)
    project.evals("regression")
    project.run("--asr-baseline", "base.jsonl", "--asr-update-baseline")
    (project.path / "clips" / "manifest.jsonl").unlink()
    for number, text in enumerate(SENTENCES):
        says = "nonsense" if number == 0 else text
        project.clip(f"clip{number}", text, says=says, seconds=5.0, **(quarantine if number == 0 else {}))

    result = project.run("--asr-baseline", "base.jsonl", "test_regression.py")

    result.assert_outcomes(passed=1)
    assert "1 clip" not in "".join(line for line in result.outlines if "no longer" in line)


def test_data_set_not_model(choir):
    """Where every reference stands one place off, the run lists the true pairing and judges no model."""
    project = choir()
    project.run("--asr-record", "heard.jsonl", "test_accuracy.py", "test_corpus.py")
    lines = [json.loads(line) for line in (project.path / "clips" / "manifest.jsonl").read_text().splitlines()]
    texts = [line["text"] for line in lines]
    for line, text in zip(lines, [*texts[1:], texts[0]], strict=True):
        line["text"] = text
    (project.path / "clips" / "manifest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))

    result = project.run("-rs")

    result.assert_outcomes(failed=1, skipped=9)
    result.stdout.fnmatch_lines(["data set, not model: 8 of 8 clips of the corpus clips are flagged*"])
    result.stdout.fnmatch_lines(
        ["*error clip1: swapped: the audio matches the text of clip0: 'every morning*a cycle of 8*"]
    )
    assert "WER" not in "".join(line for line in result.outlines if line.startswith("polly"))

    again = project.run("--asr-rescore", "heard.jsonl")
    again.assert_outcomes(failed=1, skipped=9)


def test_data_set_in_the_first_run(choir):
    """Where nobody has transcribed the clips before, the run's own end says that the data set is at fault."""
    project = choir(texts=[*SENTENCES[1:], SENTENCES[0]])

    result = project.run()

    assert result.ret == 1
    result.stdout.fnmatch_lines(["asrlab: data set, not model: 8 of 8 clips*", "*clip0: swapped: *a cycle of 8*"])


def test_the_audit_alone(choir):
    """The audit needs no model."""
    project = choir()

    project.run("test_zz_audit.py").assert_outcomes(passed=1)
    assert project.events("load") == []


def test_a_corpus_that_cannot_be_read(project):
    """What is wrong with the corpus is said in words."""
    project.write(test_zz_audit=AUDIT)

    result = project.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*no corpus at *"])


def test_answers_are_no_transcripts(choir):
    """What a judge heard in a dialogue says nothing of the clip that has the dialogue's id."""
    project = choir()
    project.configure(models=("coco",), tasks=["asr", "conversation"])
    for number in range(len(SENTENCES)):
        project.dialogue(f"clip{number}", SENTENCES[(number + 1) % len(SENTENCES)])
    project.evals("conversation")
    project.run("-k", "conversation")

    result = project.run("-k", "audit or accuracy")

    result.assert_outcomes(passed=1 + 8, deselected=3 + 8)

"""Entities in a run: thresholds, the case's members, extra_info, the record and the scorecard."""

import json

import pytest

CHECK = "def test_case(asr_case):\n    asr_case.check()\n"
LISTED = [{"type": "money", "value": "USD 1500000", "text": "$1.5 million"}]
SCORECARD = [
    "entities   recall 50.0%, error rate 50.0%, of 2 entities",
    "*asrlab-entities/1.0+en#*",
    "hint       1 clip has no entities listed: asrlab corpus entities --write",
]
"""A report has recall, error rate and N of a model, and the protocol's signature stands below."""


@pytest.fixture
def lossy(project):
    """A project with one clip, of which the parrot gets the amount wrong and the date right."""
    project.clip("paid", "It cost $1.5 million on March 3rd.", says="it cost 1.5 dollars on march third")
    return project


def test_a_mark_on_recall(lossy):
    """A recall below its least value fails the case, and the message has figure, bound and what was lost."""
    lossy.write(test_it=f"import pytest\n\n@pytest.mark.asr(entity_recall=0.9)\n{CHECK}")

    result = lossy.run("--asr-record", "run.jsonl")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*[[]polly-paid[]] _*", "entity recall 50.0% < 90.0% (mark threshold)", "*lost: $1.5 million → 1.5 dollars"]
    )
    lossy.report().fnmatch_lines(SCORECARD)


@pytest.mark.parametrize(("metric", "met", "missed"), [("entity_error_rate", 0.5, 0.4), ("entity_recall", 0.5, 0.6)])
def test_bounds_of_project_and_model(lossy, metric, met, missed):
    """The project's and the model's bounds on entities are judged like every other."""
    bound = "[tool.asrlab.{}thresholds]\n{} = {}\n".format
    own = bound("models.polly.", metric, met) + bound("models.strict.", "entity_error_rate", 0.4)
    lossy.configure(models=("polly", "kea", "strict"), tables=bound("", metric, missed) + own)
    lossy.write(test_it=CHECK)

    result = lossy.run("-v")

    outcomes = [line.split()[:2] for line in result.outlines if line.startswith("test_it.py::")]
    assert outcomes == [
        ["test_it.py::test_case[polly-paid]", "PASSED"],
        ["test_it.py::test_case[kea-paid]", "FAILED"],
        ["test_it.py::test_case[strict-paid]", "FAILED"],
    ]
    result.stdout.fnmatch_lines(["*[[]kea-paid[]] _*", "*(project threshold)"])
    result.stdout.fnmatch_lines(["*[[]strict-paid[]] _*", "*entity error rate 50.0% > 40.0% (model threshold)"])


def test_pooled_figures(project):
    """A corpus bound is judged by the pooled counts of all clips."""
    project.clip("one", "It cost $5.", says="it cost $5 or $6")
    project.clip("two", "He came at 5:30 p.m.", says="he came")
    project.write(
        test_it="""
        import pytest

        @pytest.mark.asr(entity_recall=0.6)
        def test_recall(asr_corpus):
            asr_corpus.check()

        def test_figures(asr_corpus):
            entities = asr_corpus.entities
            assert (entities.recall, entities.precision, entities.error_rate) == (0.5, 0.5, 1.0)
            assert set(entities.by_type) == {"money", "time"}
        """
    )

    result = project.run()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*entity recall 50.0% < 60.0% (mark threshold)*"])


def test_listed_entities_and_keywords(project):
    """What the manifest lists is the reference, and a keyword heard as another is lost."""
    project.clip(
        "paid",
        "Anna paid $1.5 million in 2024.",
        says="bob paid 1.5 million dollars in 2024",
        entities=LISTED,
        keywords=["Anna", "Bob"],
    )
    project.write(
        test_it="""
        def test_case(asr_case):
            asr_case.transcribe()
            assert asr_case.score.entities is asr_case.entities
            assert [str(one) for one in asr_case.entities.lost] == ["lost: Anna → bob", "invented: 2024"]
            assert (asr_case.entities.keyword_recall, asr_case.entities.keyword_precision) == (0.0, 0.0)
        """
    )

    project.run().assert_outcomes(passed=1)


def test_the_projects_parameters(project):
    """The project's order of day and month decides how figures are read."""
    project.clip("day", "On 3/4/2024.", says="on april third twenty twenty four")
    project.write(test_it="import pytest\n\n@pytest.mark.asr(entity_recall=1.0)\n" + CHECK)
    project.run().assert_outcomes(failed=1)

    project.configure(tables='[tool.asrlab.entities]\ndate_order = "DMY"\n')

    project.run().assert_outcomes(passed=1)


def test_wrong_parameters(project):
    """A currency that is not a code ends the run before any test, with the key."""
    project.clip("day", "On 3/4/2024.")
    project.configure(tables='[tool.asrlab.entities]\ncurrency = "euro"\n')
    project.write(test_it=CHECK)

    result = project.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*entities*currency must be an ISO 4217 code*"])


def test_in_the_json_and_the_record(lossy):
    """The JSON has the score with a row for each entity; the record has what was listed, and no score."""
    lossy.clip("listed", "It cost $1.5 million.", entities=LISTED, keywords=["Anna"])
    lossy.write(test_it=CHECK)

    lossy.run("--benchmark-json=out.json", "--asr-record=run.jsonl")

    infos = {one["extra_info"]["asr"]["clip"]: one["extra_info"]["asr"] for one in lossy.json("out.json")["benchmarks"]}
    entities = infos["paid"]["entities"]
    assert (entities["recall"], entities["substituted"], entities["unreviewed"]) == (0.5, 1, 1)
    assert entities["matches"][0]["reference"] == LISTED[0]
    assert infos["listed"]["entities"]["unreviewed"] == 0
    _, rows = lossy.record()
    by_clip = {row["clip"]: row for row in rows}
    assert by_clip["listed"]["reference_entities"] == LISTED
    assert by_clip["listed"]["keywords"] == ["Anna"]
    assert by_clip["paid"]["reference_entities"] is None
    assert "entities" not in by_clip["paid"]
    assert json.loads(json.dumps(infos))


def test_no_line_without_entities(project):
    """Where no clip has an entity and none was invented, the scorecard says nothing of entities."""
    project.clip("hello", "Hello there.")
    project.write(test_it=CHECK)

    result = project.run()

    result.stdout.no_fnmatch_line("*entities[: ]*")

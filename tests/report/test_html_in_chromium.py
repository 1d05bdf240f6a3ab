"""The HTML report in a real Chromium, where the system has one: one page for all tests, left as it was found."""

import hashlib
import json
import re
import shutil

import numpy as np
import pytest
import soundfile

from asrlab_pytest.audit import findings
from asrlab_pytest.cli import main
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.gates.outcome import Outcome
from asrlab_pytest.gates.result import ClipChange, Finding, GateResult
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.report.clips import Observed
from asrlab_pytest.report.html.page import Contents
from asrlab_pytest.report.html.page import page as to_html
from asrlab_pytest.report.html.sound import Sounds
from asrlab_pytest.report.markdown import RunReport
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.scorer import Scorer
from stored_runs import dialogue, end, environment, failure, observed, prompt, row, said, turn, utterance, write

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not installed: run 'apt-get install chromium' on Debian"
)
HOSTILE = '<img src="http://example.org/x" onerror="document.title=1"><script>document.title=2</script>\u202e\x07'
PLAYED = """(audio, since) => new Promise((resolve) => {
  const check = () => audio.currentTime > since && resolve(true);
  audio.addEventListener("timeupdate", check);
  audio.addEventListener("error", () => resolve(false));
  check();
})"""
LINES_OF = """(cell) => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return range.getClientRects().length;
}"""
SETTLED = "() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A report of three models, of which one failed on a clip; the clip "one" has audio and timed words."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "pyproject.toml").write_text("[tool.asrlab]\n")
    (folder / "audio").mkdir()
    sound = folder / "audio" / "one.wav"
    soundfile.write(sound, 0.1 * np.sin(np.arange(32_000) / 10), 16_000)
    listed = {"id": "one", "audio": "one.wav", "text": "hello there"}
    (folder / "audio" / "manifest.jsonl").write_text(json.dumps(listed) + "\n")
    words = [
        {"text": "hello", "start": 0.2, "end": 0.5, "probability": None},
        {"text": "where", "start": 1.2, "end": 1.5, "probability": None},
    ]
    segment = {"text": "hello where", "start": 0.2, "end": 1.5, "words": words, "details": {}}
    timed = {"transcript": {"text": "hello where", "segments": [segment], "language": "en"}}
    first = {"audio_sha256": hashlib.sha256(sound.read_bytes()).hexdigest(), "tags": ["clean"], "group": "anna"}
    second = {"clip": "two", "reference": "good night", "language": "de", "group": "bob", "audio_s": 9.0}
    lines = [
        row(**first),
        row(model="kea", hypothesis="hello where", **timed, **first),
        row(hypothesis="good night", **second),
        row(model="kea", hypothesis="good light " * 12, **second),
        row(clip=HOSTILE, hypothesis=HOSTILE, reference="שלום <b>there</b>", tags=[HOSTILE], group=HOSTILE),
        failure(model="kea", clip=HOSTILE, problem=f"it said {HOSTILE}"),
        row(model="long-" + "m" * 200, clip="two", hypothesis="good night", audio_s=9.0),
    ]
    record = write(folder / "run.jsonl", environment(settings={"corpus": "audio"}), *lines, end())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["report", str(record), "-o", "report.html"]) == 0
    return folder / "report.html"


@pytest.fixture(scope="module")
def browsed(report):
    """The page, what it logged, and what it asked for."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        page = browser.new_page()
        logged, requested = [], []
        page.on("console", lambda message: logged.append(message.text))
        page.on("pageerror", lambda error: logged.append(str(error)))
        page.on("request", lambda request: requested.append(request.url))
        page.goto(report.as_uri())
        yield page, logged, requested
        browser.close()


@pytest.fixture
def page(browsed):
    """The page, with all filters cleared afterwards."""
    page, _, _ = browsed
    yield page
    page.emulate_media(media="screen", color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.locator("#clear").click()


def clips(page):
    page.evaluate(SETTLED)
    return [name if name in {"one", "two"} else "hostile" for name in page.locator("#items .name").all_inner_texts()]


def test_filters(page):
    """Search and every filter show the clips that they name, and no others."""
    shown = {}
    for text in ("good", "there -> where", "there ->", "TWO", "no such words"):
        page.fill("#search", text)
        shown[text] = clips(page)
    page.fill("#search", "")
    for name, value in (("tag", "clean"), ("language", "de"), ("speaker", "anna")):
        page.select_option(f"#{name}", value)
        shown[name] = clips(page)
        page.select_option(f"#{name}", "")
    for value in ("errors", "differ", "notes", "problems"):
        page.select_option("#only", value)
        shown[value] = sorted(clips(page))
    page.select_option("#model", label="polly")
    assert shown == {
        "good": ["two"],
        "there -> where": ["one"],
        "there ->": [],
        "TWO": ["two"],
        "no such words": [],
        "tag": ["one"],
        "language": ["two"],
        "speaker": ["one"],
        "errors": ["hostile", "one", "two"],
        "differ": ["one", "two"],
        "notes": ["two"],
        "problems": ["hostile"],
    }
    assert clips(page) == []
    assert page.locator("#count").inner_text() == "0 of 3 clips"


def test_order(page):
    """A heading sorts the clips by its column, and in the other direction when it is chosen again."""
    by_length = page.get_by_role("button", name="length")
    by_length.click()
    assert clips(page)[0] == "two"
    assert page.locator("[aria-sort=descending]").inner_text().startswith("length")
    by_length.click()
    assert clips(page)[-1] == "two"
    page.get_by_role("button", name="kea").click()
    assert clips(page) == ["hostile", "two", "one"]
    page.locator("[data-sort=errors]").click()
    assert clips(page)[0] == "hostile"


def test_what_is_missing_comes_last(page):
    """A column with missing values has them at the end in both directions."""
    column = page.get_by_role("button", name="long-mmm")
    for _ in range(2):
        column.click()
        assert clips(page)[0] == "two"
    page.locator("[data-sort=errors]").click()


def test_keyboard(page):
    """Keys alone find a clip, open it, show its words under those of the reference, and close it."""
    page.keyboard.press("/")
    page.keyboard.type("there -> where")
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    rows = page.locator(".diff tr").all_inner_texts()
    assert [words.split() for words in rows] == [
        ["reference", "hello", "there"],
        ["polly", "hello", "there"],
        ["kea", "hello", "whereS"],
    ]
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    page.keyboard.press("Escape")
    assert page.locator(".diff").count() == 0


def test_escape_clears_the_search(page):
    """Escape in the search clears it and shows all clips; a second one leaves it."""
    page.keyboard.press("/")
    page.keyboard.type("there -> where")
    assert len(clips(page)) == 1
    page.keyboard.press("Escape")
    assert len(clips(page)) == 3
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == ""


def test_only_what_can_be_chosen(page):
    """A list with one entry is not shown, nor are the buttons of pages where there is one page."""
    assert page.locator("#speaker").is_visible()
    assert page.locator("#task").is_hidden()
    assert page.locator("#next").is_hidden()


def test_headings_say_whose_errors(page):
    """Where several models are shown, their errors are the most of any; of one model they are its own."""
    assert page.locator("[data-sort=errors]").inner_text().startswith("most errors")
    page.select_option("#model", label="polly")
    assert page.locator("[data-sort=errors]").inner_text().startswith("errors")
    page.select_option("#model", "")


def test_paper_has_every_section_open(page):
    """Sections that are closed are open while the page is printed, and only then."""
    closed = "document.querySelectorAll('details:not([open])').length"
    before = page.evaluate(closed)
    assert before > 0
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(closed) == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(closed) == before


def test_audio(page):
    """The embedded audio of a clip plays, and a timed word jumps to its place."""
    page.fill("#search", "there -> where")
    page.locator("#items .name").click()
    player = page.locator("#items audio")
    assert player.get_attribute("src").startswith("data:audio/flac;base64,")
    page.locator("button.word", has_text="where").click()
    assert player.evaluate(PLAYED, 1.2)
    assert player.evaluate("(audio) => [audio.error, Math.round(audio.duration)]") == [None, 2]
    player.evaluate("(audio) => audio.pause()")


def test_texts_stay_texts(page):
    """Markup, scripts, control characters and marks of direction in ids, texts and problems are shown as they are."""
    page.fill("#search", "example.org")
    page.locator("#items .name").click()
    shown = page.locator("#items").inner_text()
    assert shown.count("<script>document.title=2</script>") > 1
    assert "<b>there</b>" in shown
    assert "\u202e" not in shown
    assert "\x07" not in shown
    assert page.locator("img, #items script, #items b").count() == 0
    assert page.title() == "asrlab report"


def test_media(page):
    """A dark screen has light letters; paper has the figures and none of the controls; a phone needs no scrolling."""
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(background) != light == "rgb(255, 255, 255)"
    page.emulate_media(media="print")
    assert page.locator("#filters").is_hidden()
    assert page.locator("#items .name").first.is_visible()
    page.set_viewport_size({"width": 480, "height": 800})
    rates = page.locator("#items td").filter(has_text="%")
    assert {rate.evaluate(LINES_OF) for rate in rates.all()} == {1}
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 390, "height": 800})
    page.fill("#search", "good")
    page.locator("#items .name").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


LONG = "x/" * 10 + "y" * 600


@pytest.fixture(scope="module")
def judged(browsed, tmp_path_factory):
    """Another page in the same browser: of a session in which everything with a long name failed."""
    change = ClipChange(
        clip=LONG, before_errors=0, errors=1, words=1, before_text=LONG, alignment=(("substitution", LONG, "z" * 600),)
    )
    reason = Finding(metric="WER", outcome=Outcome.FAIL, sentence=LONG)
    gate = GateResult(kind="accuracy", model=LONG, against=LONG, compared=1, findings=(reason,), worse=(change,))
    report = RunReport(failed={f"test_a.py::test[{LONG}-{LONG}]": LONG}, troubles=[LONG], gates=[gate])
    path = tmp_path_factory.mktemp("judged") / "report.html"
    path.with_name("a.wav").write_bytes(b"")
    spoken = {**said("", "")["spoken"], "utterance": {**utterance(), "file": "a.wav"}}
    observations = [
        observed(group="ann", tags=["clean"]),
        prompt("go forward", "go", spoken=spoken),
        dialogue(turn("i am", utterance=spoken["utterance"]), clip="who"),
    ]
    contents = Contents(
        title=LONG,
        report=report,
        observed=Observed(observations=observations, excluded={"excluded": "silent"}),
        findings=[
            findings.Finding("one", "clipping", "suspect", LONG),
            findings.Finding("excluded", "silence", "error", "silent"),
        ],
        scorer=Scorer(Rules()),
        sounds=Sounds(lambda name: Clip(id=name.item, audio=path.with_name("a.wav"), text=""), path, 0),
    )
    path.write_text(to_html(contents), encoding="utf-8")
    first, logged, _ = browsed
    page = first.context.browser.new_page()
    page.on("console", lambda message: logged.append(message.text))
    page.goto(path.as_uri())
    yield page
    page.close()


def test_a_long_text_is_scrolled_in_its_place(judged):
    """A text of very many lines leaves the other models in view, and is whole on paper."""
    judged.locator("#clear").click()
    judged.locator("#items .name", has_text="one").first.click()
    text = judged.locator("#items .wrote p").last
    text.evaluate("(part) => (part.textContent = 'w'.repeat(9000))")
    heights = []
    for media in ("screen", "print"):
        judged.emulate_media(media=media)
        heights.append(text.bounding_box()["height"])
    judged.emulate_media(media="screen")
    judged.locator("#items .name", has_text="one").first.click()
    assert heights[0] < 400 < heights[1]


@pytest.mark.parametrize(("media", "width"), [("screen", 1280), ("screen", 390), ("print", 800)])
def test_long_names_wrap(media, width, judged):
    """A name without a space is broken into lines: nothing is cut, or must be scrolled to."""
    judged.emulate_media(media=media)
    judged.set_viewport_size({"width": width, "height": 800})
    judged.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))")
    assert judged.evaluate("document.documentElement.scrollWidth") <= width
    assert judged.locator(".changes td").first.evaluate("(cell) => cell.clientWidth") > 60


def test_findings_of_the_audit(judged):
    """Clips that the audit found at fault can be filtered, the excluded ones come first, and each says what it is."""
    judged.emulate_media(media="screen")
    assert judged.locator("#only option").all_inner_texts() == [
        "all", "with errors", "audit findings", "without a result"
    ]  # fmt: skip
    judged.select_option("#only", "findings")
    assert judged.locator("#items .name").all_inner_texts() == ["excluded", "one"]
    for name in judged.locator("#items .name").all():
        name.click()
    assert judged.locator(".detail .bad").all_inner_texts() == [
        "audit: error: silent",
        "excluded by the audit",
        f"audit: suspect: {LONG}",
    ]
    judged.select_option("#only", "")


def test_players_are_named(judged):
    """Where a sample has several recordings, each says what it is."""
    judged.emulate_media(media="screen")
    players = {}
    for task in ("tts", "conversation"):
        judged.select_option("#task", task)
        judged.locator("#items .name").click()
        players[task] = judged.locator(".played").all_inner_texts()
        assert judged.locator(".played + audio").count() == 2
    assert players == {"tts": ["recording", "speech"], "conversation": ["question", "answer"]}


@pytest.fixture(scope="module")
def tasks(browsed, tmp_path_factory):
    """A third page in the same browser: two ASR models, a TTS model and dialogues, of which some have wrong facts."""
    anna = {"keyword": "Anna"}
    missed = turn("i do not know", facts=[anna], forbidden=[{"keyword": "know"}])
    observations = [
        observed(clip="one", hypothesis="hello where", group="ann"),
        observed(clip="two", reference="good night", hypothesis="good night", group="ann"),
        observed("kea", clip="one", hypothesis="hello there", group="ann"),
        observed("kea", clip="two", reference="good night there", hypothesis="good night where", group="constructor"),
        observed("kea", clip="long", reference="w" * 3000, hypothesis="v" * 3000, group="constructor"),
        prompt("go forward", "go", group="prompter"),
        dialogue(turn("it is Anna", facts=[anna]), clip="right"),
        dialogue(missed, clip="wrong"),
        dialogue(turn("i am here", "i am where"), turn("good night"), clip="misheard"),
    ]
    failures = [Failure(task="asr", model=model, clip=clip, problem="no file") for model, clip in _FAILED]
    contents = Contents(
        title="asrlab report",
        report=RunReport(),
        observed=Observed(observations=observations, failures=failures),
        scorer=Scorer(Rules()),
    )
    path = tmp_path_factory.mktemp("tasks") / "report.html"
    path.write_text(to_html(contents), encoding="utf-8")
    first, logged, _ = browsed
    page = first.context.browser.new_page()
    page.on("console", lambda message: logged.append(message.text))
    page.on("pageerror", lambda error: logged.append(str(error)))
    page.goto(path.as_uri())
    yield page
    page.close()


_FAILED = [("kea", "lost by kea"), ("polly", "lost by both"), ("kea", "lost by both")]


def shown(page):
    return page.locator("#items .name").all_inner_texts()


def test_errors_of_dialogues_are_wrong_facts(tasks):
    """Dialogues with facts missed or forbidden facts said come first, say so, and are among those with errors."""
    tasks.select_option("#task", "conversation")
    assert shown(tasks) == ["wrong", "misheard", "right"]
    assert tasks.locator("#items td").filter(has_text="fact").all_inner_texts() == ["0.0%, 2 wrong facts"]
    tasks.get_by_role("button", name="coco").click()
    assert shown(tasks)[0] == "wrong"
    tasks.select_option("#only", "errors")
    assert shown(tasks) == ["wrong", "misheard"]
    tasks.locator("#clear").click()


def test_a_turn_has_its_own_errors(tasks):
    """Below each turn of a dialogue are the errors of that turn, and below the last those of all turns."""
    tasks.select_option("#task", "conversation")
    tasks.get_by_role("button", name="misheard").click()
    first, last = (box.locator(".soft:not(.played)").all_inner_texts() for box in tasks.locator(".wrote").all())
    tasks.locator("#clear").click()

    assert first == ["coco: 1 S, 0 D, 0 I of 3 words"]
    assert last[0] == "coco: 0 S, 0 D, 0 I of 2 words"
    assert re.match("all turns: 1 S, 0 D, 0 I of 5 words, .* s of speech", last[1])


def test_an_error_finds_the_clips_of_its_model(tasks):
    """A frequent error shows clips in which its model made it, whatever task, model or filter was chosen before."""
    tasks.select_option("#task", "conversation")
    tasks.select_option("#only", "errors")
    for model, clip in (("kea", "two"), ("polly", "one")):
        found = tasks.locator(f'.find[data-model="{model}"][data-search="there→where"]')
        found.evaluate("(button) => button.click()")
        assert shown(tasks) == [clip]
        assert tasks.locator("#model option:checked").inner_text() == model
    tasks.locator("#clear").click()


def test_only_what_the_task_has_is_offered(tasks):
    """Filters offer models and speakers of the chosen task alone, and clearing them shows the first task again."""
    offered = {}
    for task in ("asr", "tts", "conversation"):
        tasks.select_option("#task", task)
        offered[task] = [tasks.locator(f"#{name} option").all_inner_texts()[1:] for name in ("model", "speaker")]
    tasks.locator("#clear").click()
    assert offered == {
        "asr": [["polly", "kea"], ["ann", "constructor"]],
        "tts": [["coco"], ["prompter"]],
        "conversation": [["coco"], []],
    }
    assert tasks.locator("#task option:checked").inner_text() == "ASR"


def test_a_clip_lost_by_more_models_is_worse(tasks):
    """Clips that more models have no result of come before those of fewer, and these before clips with errors."""
    tasks.locator("#clear").click()
    assert shown(tasks)[:2] == ["lost by both", "lost by kea"]


def test_an_open_clip_fits_a_smaller_window(tasks):
    """The words of an open clip are laid out again when the window gets narrower, and a word of any length fits."""
    tasks.set_viewport_size({"width": 1200, "height": 800})
    for name in ("one", "long"):
        tasks.locator("#items .name", has_text=name).click()
    tasks.set_viewport_size({"width": 390, "height": 800})
    tasks.evaluate(SETTLED)
    right = "Math.max(...[...document.querySelectorAll('.diff')].map((table) => table.getBoundingClientRect().right))"
    assert tasks.evaluate(right) <= 390
    tasks.set_viewport_size({"width": 1280, "height": 720})
    tasks.keyboard.press("Escape")


def test_rates_are_rounded_as_elsewhere(browsed, tmp_path):
    """A rate that lies between two figures, such as 81.25%, is rounded as in the texts that Python writes."""
    observations = [
        observed(
            clip=f"{wrong}/{words}", reference="dog " * words, hypothesis="cat " * wrong + "dog " * (words - wrong)
        )
        for words in (16, 80)
        for wrong in range(words + 1)
    ]
    contents = Contents(
        title="rates", report=RunReport(), observed=Observed(observations=observations), scorer=Scorer(Rules())
    )
    path = tmp_path / "report.html"
    path.write_text(to_html(contents), encoding="utf-8")
    page = browsed[0].context.browser.new_page()
    page.goto(path.as_uri())
    shown = {}
    while len(shown) < len(observations):
        lines = page.locator("#items tbody tr").all_inner_texts()
        shown.update((line.split()[0], line.split()[-1]) for line in lines)
        page.evaluate("document.getElementById('next').click()")
    page.close()

    rates = {clip: int(wrong) / int(words) for clip in shown for wrong, words in [clip.split("/")]}
    assert shown == {clip: f"{rate:.1%}" for clip, rate in rates.items()}


def test_quiet(browsed):
    """After all of this the page has logged nothing, and has asked for nothing but itself."""
    page, logged, requested = browsed
    assert logged == []
    assert {url for url in requested if not url.startswith("data:")} == {page.url.partition("#")[0]}

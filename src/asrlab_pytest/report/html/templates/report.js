"use strict";
// Rows and diffs are made on demand from the data in the page. All text becomes text nodes, never markup.
(() => {
  const PAGE = 50;
  const NOUNS = { tts: "prompt", conversation: "dialogue" };
  const LABELS = { asr: "ASR", tts: "TTS", conversation: "conversation" };
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const items = data.items;
  const state = { sort: "", down: true, page: 0, shown: items };

  const make = (tag, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children.filter((child) => child !== null && child !== ""));
    return node;
  };
  const edits = (answer) => (answer.edits ? answer.edits[0] + answer.edits[1] + answer.edits[2] : 0);
  // Of a dialogue: facts missed, and forbidden facts said.
  const lapses = (answer) => answer.lapses || 0;
  const errors = (answer) => edits(answer) + lapses(answer);
  const rate = (answer) => (answer && answer.edits && answer.edits[3] ? edits(answer) / answer.edits[3] : null);
  // As Python rounds, which writes all other figures: toFixed rounds 81.25 up to 81.3, and Python to the even 81.2.
  const oneDigit = (value) => (value % 1 === 0.25 ? value - 0.05 : value).toFixed(1);
  const percent = (value) => (value === null ? "–" : `${oneDigit(100 * value)}%`);
  const answersOf = (item, model) => (item.answers || []).filter((one) => model === "" || one.model === Number(model));

  // What a search looks through: ids, texts, and pairs of words as "there→where".
  for (const item of items) {
    item.byModel = [];
    const wrote = [];
    for (const answer of item.answers || []) {
      item.byModel[answer.model] = answer;
      wrote[answer.model] = (answer.wrote || []).map((one) => one.text || "");
    }
    for (const part of item.parts || [])
      for (const block of part.blocks || [])
        for (const column of block.columns || [])
          if (Array.isArray(column))
            column.slice(1).forEach((word, place) => word !== 0 && wrote[block.models[place]].push(`${column[0]}→${word}`));
    const stack = (lines) => `\n${lines.join("\n")}\n`.toLowerCase();
    item.haystack = stack([item.id, item.text || "", item.speaker || ""]);
    item.haystacks = wrote.map(stack);
  }
  const has = (item, text, model) =>
    item.haystack.includes(text) ||
    (model === "" ? item.haystacks.some((one) => one.includes(text)) : Boolean(item.haystacks[model]?.includes(text)));

  const choices = {
    task: (item) => [item.task],
    model: (item) => (item.answers || []).map((one) => String(one.model)),
    tag: (item) => item.tags || [],
    language: (item) => [item.language || ""],
    speaker: (item) => [item.speaker || ""],
  };
  // The audit keeps clips from every model.
  const isUntried = (item) => !item.answers;
  const only = {
    errors: (item, model) => isUntried(item) || answersOf(item, model).some((one) => errors(one) > 0 || one.problem),
    differ: (item) => Boolean(item.differ),
    entities: (item, model) => answersOf(item, model).some((one) => one.entities),
    notes: (item, model) => answersOf(item, model).some((one) => one.notes),
    findings: (item) => Boolean(item.findings || item.apart),
    problems: (item, model) => isUntried(item) || answersOf(item, model).some((one) => one.problem),
  };
  // One task at a time is shown, and only what its samples have can be chosen.
  const views = [...$("only").options];
  const offer = (name, values, shown) => {
    const every = [...new Set(shown.flatMap(values))].filter(Boolean);
    if (name !== "model" && name !== "task") every.sort();
    const named = { model: data.models, task: LABELS }[name];
    const options = every.map((value) => make("option", { value, textContent: named ? named[value] : value }));
    $(name).replaceChildren(...(name === "task" ? [] : [make("option", { value: "", textContent: "all" })]), ...options);
    $(name).parentElement.hidden = every.length < 2;
  };
  const choose = (task) => {
    $("task").value = task;
    const shown = items.filter((item) => item.task === task);
    for (const [name, values] of Object.entries(choices)) if (name !== "task") offer(name, values, shown);
    $("only").replaceChildren(...views.filter(({ value }) => !value || shown.some((item) => only[value](item, ""))));
    $("only").value = "";
    if (!["id", "seconds", "errors"].includes(state.sort)) state.sort = worstFirst();
  };
  const worstFirst = () => (items.some((item) => item.task === $("task").value && keys.errors(item)) ? "errors" : "");

  const columns = () => {
    const models = $("model").value === "" ? data.models.map((_, number) => number) : [Number($("model").value)];
    const task = $("task").value;
    return models.filter((model) => items.some((item) => item.byModel[model] && (!task || item.task === task)));
  };
  const isDialogue = () => $("task").value === "conversation";
  const hasLength = () => $("task").value === "asr" && items.some((item) => item.seconds);
  // A clip without a result is worse than any with errors. null is for what is not known.
  const worst = (item) => Math.max(0, ...(item.answers || []).map(errors));
  const keys = {
    id: (item) => item.id,
    seconds: (item) => item.seconds ?? null,
    errors: (item) => (isUntried(item) ? MANY * MANY : badness(item.answers, worst(item))),
  };
  // Before word errors come facts, and before these models without a result.
  const MANY = 1e6;
  const badness = (answers, words) =>
    MANY * MANY * answers.filter((one) => one.problem).length + MANY * Math.max(0, ...answers.map(lapses)) + words;
  const keyOf = (sort) =>
    keys[sort] ||
    ((item) => {
      const answer = item.byModel[sort];
      return answer && (answer.problem || lapses(answer)) ? badness([answer], rate(answer) || 0) : rate(answer);
    });

  const filter = () => {
    const words = $("search").value.trim().toLowerCase().replaceAll("->", "→").replace(/\s*→\s*/g, "→");
    // A pair is whole: "over→" is a deletion, and not the beginning of "over→other".
    const text = words.includes("→") ? `\n${words}\n` : words;
    const model = $("model").value;
    const test = only[$("only").value];
    const wanted = Object.keys(choices).map((name) => [choices[name], $(name).value]).filter(([, value]) => value);
    state.shown = items.filter(
      (item) =>
        (!text || has(item, text, model)) &&
        wanted.every(([values, value]) => values(item).includes(value)) &&
        (!test || test(item, model)),
    );
    if (state.sort !== "") {
      const key = keyOf(state.sort);
      const sign = state.down ? -1 : 1;
      state.shown.sort((one, other) => {
        const [a, b] = [key(one), key(other)];
        if (a === null || b === null) return (a === null) - (b === null);
        return a < b ? -sign : a > b ? sign : 0;
      });
    }
    state.page = 0;
    draw();
  };

  const draw = () => {
    const pages = Math.max(1, Math.ceil(state.shown.length / PAGE));
    state.page = Math.min(state.page, pages - 1);
    const first = state.page * PAGE;
    drawHead();
    $("items").tBodies[0].replaceChildren(...state.shown.slice(first, first + PAGE).map(row));
    const every = items.filter((item) => item.task === $("task").value).length;
    $("count").textContent = `${state.shown.length} of ${every} ${NOUNS[$("task").value] || "clip"}${every === 1 ? "" : "s"}`;
    $("page").textContent = `page ${state.page + 1} of ${pages}`;
    $("previous").disabled = state.page === 0;
    $("next").disabled = state.page === pages - 1;
    $("previous").parentElement.hidden = pages === 1;
  };

  const drawHead = () => {
    const head = (sort, name, note) => {
      const isOn = state.sort === sort;
      const cell = make("th", { scope: "col" });
      cell.setAttribute("aria-sort", isOn ? (state.down ? "descending" : "ascending") : "none");
      const button = make("button", { type: "button", textContent: name + (isOn ? (state.down ? " ↓" : " ↑") : "") });
      button.title = note;
      button.dataset.sort = sort;
      button.addEventListener("click", () => {
        [state.sort, state.down] = isOn ? [sort, !state.down] : [sort, sort !== "id"];
        filter();
        $("items").tHead.querySelector(`[data-sort="${sort}"]`)?.focus();
      });
      cell.append(button);
      return cell;
    };
    const cells = [head("id", NOUNS[$("task").value] || "clip", "sort by id"), make("th", { scope: "col", className: "text", textContent: "text" })];
    if (hasLength()) cells.push(head("seconds", "length", "sort by length"));
    cells.push(head("errors", columns().length > 1 ? "most errors" : "errors", isDialogue() ? "sort by facts missed and forbidden facts said, then word errors" : "sort by the most word errors of any model"));
    for (const model of columns()) cells.push(head(model, data.models[model], isDialogue() ? "sort by errors in facts, then word error rate" : "sort by word error rate"));
    $("items").tHead.replaceChildren(make("tr", {}, ...cells));
  };

  const row = (item) => {
    const name = make("button", { type: "button", className: "name", textContent: item.id });
    name.setAttribute("aria-expanded", "false");
    const cells = [make("th", { scope: "row" }, name), make("td", { className: "text" }, make("div", { dir: "auto", textContent: shorten(item.text || "") }))];
    if (hasLength()) cells.push(make("td", { textContent: item.seconds ? `${oneDigit(item.seconds)} s` : "–" }));
    cells.push(make("td", { textContent: (item.answers || []).some((one) => one.edits) ? String(worst(item)) : "–" }));
    for (const model of columns()) {
      const answer = item.byModel[model];
      const cell = make("td", { textContent: answer ? (answer.problem ? "no result" : percent(rate(answer)) + wrongFacts(answer)) : "" });
      if (answer && (errors(answer) || answer.problem)) cell.className = "wrong";
      cells.push(cell);
    }
    const line = make("tr", {}, ...cells);
    name.addEventListener("click", () => toggle(item, line, name));
    return line;
  };
  const wrongFacts = (answer) => (lapses(answer) ? `, ${lapses(answer)} wrong fact${lapses(answer) === 1 ? "" : "s"}` : "");
  const shorten = (text) => (text.length > 200 ? `${text.slice(0, 199)}…` : text);

  const toggle = (item, line, name) => {
    const isOpen = name.getAttribute("aria-expanded") === "true";
    name.setAttribute("aria-expanded", String(!isOpen));
    line.classList.toggle("open", !isOpen);
    if (isOpen) line.nextElementSibling.remove();
    else {
      const box = make("div", { className: "box" });
      line.after(make("tr", {}, make("td", { className: "detail", colSpan: line.children.length }, box)));
      fill(box, item);
    }
  };

  const fill = (cell, item) => {
    const about = [LABELS[item.task] || item.task, item.language, item.speaker && `speaker ${item.speaker}`, (item.tags || []).join(", "), item.apart && "quarantined"];
    cell.append(make("p", { className: "soft", textContent: about.filter(Boolean).join(" · ") }));
    if (item.review) cell.append(make("p", { className: "soft", dir: "auto", textContent: `quarantined by a review: ${item.review}` }));
    for (const finding of item.findings || []) cell.append(make("p", { className: finding.startsWith("note") ? "soft" : "bad", dir: "auto", textContent: `audit: ${finding}` }));
    const clip = player(item.audio, item.task === "tts" ? `recording of ${item.id}` : `clip ${item.id}`);
    if (clip) cell.append(...(item.task === "tts" ? [played("recording")] : []), clip);
    (item.parts || []).forEach((part, number) => {
      if (part.question) cell.append(make("h4", { dir: "auto", textContent: `${number + 1}. ${part.question}` }));
      const question = player(part.audio, `question ${number + 1}`);
      if (question) cell.append(played("question"), question);
      for (const block of part.blocks || []) diff(cell, block);
      for (const answer of item.answers || [])
        if ((answer.wrote || [])[number]) cell.append(written(answer, answer.wrote[number], clip, item.task, number + 1 === answer.wrote.length));
    });
    if (isUntried(item)) cell.append(make("p", { className: "bad", textContent: item.excluded ? "excluded by the audit" : "no model transcribed it" }));
    for (const answer of item.answers || []) if (answer.problem) cell.append(make("p", { className: "bad", dir: "auto", textContent: `${data.models[answer.model]}: ${answer.problem}` }));
  };

  // As many columns in a line as fit: a table for each line, so that every word is under the one it was compared with.
  const diff = (cell, block) => {
    const names = ["reference", ...block.models.map((model) => data.models[model])];
    const label = Math.min(32, Math.max(...names.map((name) => name.length)));
    const columns = (block.columns || []).map((column) =>
      Array.isArray(column) ? [column[0], ...column.slice(1).map((word) => (word === 0 ? column[0] : word))] : Array(names.length).fill(column),
    );
    const box = make("div", { className: "block" });
    box.flow = () => {
      const room = Math.max(20, Math.floor((cell.clientWidth - 16) / letter()) - label - 3);
      const rows = [[]];
      let used = 0;
      for (const words of columns) {
        const width = Math.max(...words.map((word) => wide(brief(word, room)))) + 2;
        if (used && used + width > room) {
          rows.push([]);
          used = 0;
        }
        rows.at(-1).push(words);
        used += width;
      }
      box.replaceChildren(...rows.filter((row) => row.length).map((row) => lines(names, row, room)));
    };
    cell.append(box);
    box.flow();
    if (block.more) cell.append(make("p", { className: "soft", textContent: `and ${block.more} more words` }));
  };
  window.addEventListener("resize", () => {
    for (const box of document.querySelectorAll("#items .block")) box.flow();
  });
  const brief = (word, room) => (word.length > room ? `${word.slice(0, Math.max(1, room - 18))}… (${word.length} letters)` : word);
  let letterWidth = 0;
  const letter = () => {
    if (!letterWidth) {
      const probe = make("span", { textContent: "0".repeat(50), className: "diff" });
      probe.style.position = "absolute";
      document.body.append(probe);
      letterWidth = probe.offsetWidth / 50;
      probe.remove();
    }
    return letterWidth || 8;
  };
  const wide = (word) => [...word].reduce((sum, one) => sum + (/[\u1100-\u115f\u2e80-\uffdc\u{1f000}-\u{3fffd}]/u.test(one) ? 2 : 1), 0);
  const MARKS = { S: "substitution", D: "deletion", I: "insertion" };
  const markOf = (reference, word) => (reference === word ? "" : !reference ? (word ? "I" : "") : word ? "S" : "D");
  const lines = (names, columns, room) => {
    const table = make("table", { className: "diff" });
    if (/[\u0590-\u08ff\ufb1d-\ufeff]/.test(columns[0].join(""))) table.dir = "rtl";
    names.forEach((name, number) => {
      const line = make("tr", {}, make("th", { scope: "row", textContent: name }));
      for (const words of columns) {
        const mark = number ? markOf(words[0], words[number]) : "";
        const text = make("span", { textContent: brief(mark === "D" ? words[0] : words[number], room), className: mark });
        if (mark) {
          text.title = MARKS[mark];
          text.append(make("sup", { textContent: mark }));
        }
        line.append(make("td", {}, text));
      }
      table.append(line);
    });
    return table;
  };

  const counted = (edits) => `${edits[0]} S, ${edits[1]} D, ${edits[2]} I of ${edits[3]} words`;
  const written = (answer, wrote, clip, task, isLast) => {
    const all = [counted(answer.edits || []), ...(answer.figures || [])].join(", ");
    const figures = `${data.models[answer.model]}: ${wrote.edits ? counted(wrote.edits) : all}`;
    const box = make("div", { className: "wrote" }, make("p", { className: "soft", textContent: figures }));
    if (wrote.said) box.append(make("p", { dir: "auto", textContent: `wrote: ${wrote.said}` }));
    const speech = player(wrote.audio, `speech of ${data.models[answer.model]}`);
    if (speech) box.append(played(task === "tts" ? "speech" : "answer"), speech);
    if (wrote.times && clip) {
      const text = make("p", { dir: "auto" });
      for (const [word, start] of wrote.times) {
        const jump = make("button", { type: "button", className: "word", textContent: word, title: `play from ${oneDigit(start)} s` });
        jump.addEventListener("click", () => {
          clip.currentTime = start + offset(clip);
          clip.play();
        });
        text.append(jump, " ");
      }
      box.append(text);
    } else box.append(make("p", { dir: "auto", textContent: (task === "asr" ? "" : "transcribed: ") + (wrote.text || "(nothing)") }));
    if (isLast && wrote.edits) box.append(make("p", { className: "soft", textContent: `all turns: ${all}` }));
    if (isLast && answer.recording) box.append(make("p", { dir: "auto", textContent: `recording transcribed: ${answer.recording}` }));
    if (isLast)
      for (const note of [...(answer.entities || []).map((one) => `entity ${one}`), ...(answer.notes || [])])
        box.append(make("p", { className: "bad", dir: "auto", textContent: note }));
    return box;
  };

  // A linked clip may be a segment of a longer file.
  const offset = (audio) => Number((/#t=([\d.]+)/.exec(audio.getAttribute("src") || "") || [0, 0])[1]) || 0;
  const played = (what) => make("p", { className: "soft played", textContent: what });
  const player = (source, label) => {
    if (!source) return null;
    const audio = make("audio", { controls: true, preload: "none" });
    audio.setAttribute("aria-label", label);
    const embedded = source.startsWith("#") && $(source.slice(1));
    audio.src = embedded ? `data:audio/flac;base64,${embedded.textContent}` : source;
    return audio;
  };

  const names = () => [...$("items").querySelectorAll("button.name")];
  const move = (step) => {
    const every = names();
    const at = every.indexOf(document.activeElement?.closest("tr")?.querySelector(".name") ?? null);
    every[Math.min(Math.max(at + step, 0), every.length - 1)]?.focus();
  };
  const press = {
    "/": () => $("search").focus(),
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    p: () => {
      const line = document.activeElement?.closest("#items tr");
      const audio = (line?.querySelector("audio") || line?.nextElementSibling?.querySelector("audio"));
      if (audio) audio.paused ? audio.play() : audio.pause();
    },
    Escape: (from) => {
      if (from === $("search") && from.value) {
        from.value = "";
        filter();
      } else for (const name of names()) if (name.getAttribute("aria-expanded") === "true") name.click();
    },
  };
  document.addEventListener("keydown", (event) => {
    const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.ctrlKey || event.metaKey || event.altKey || (isTyping && event.key !== "Escape")) return;
    const isArrow = event.key.startsWith("Arrow");
    if (!press[event.key] || (isArrow && !event.target.closest("#items"))) return;
    if (isTyping && !(event.target === $("search") && event.target.value)) event.target.blur();
    event.preventDefault();
    press[event.key](event.target);
  });

  const clear = () => {
    for (const control of $("filters").querySelectorAll("input, select:not(#task)")) control.value = "";
    choose($("task").options[0]?.value ?? "");
  };
  const toClip = () => {
    const wanted = /^#clip=(.*)$/.exec(location.hash);
    if (!wanted) return;
    let id = wanted[1];
    try {
      id = decodeURIComponent(id);
    } catch {
      return;
    }
    const place = items.findIndex((item) => item.id === id);
    if (place < 0) return;
    clear();
    choose(items[place].task);
    state.sort = "";
    filter();
    state.page = Math.floor(state.shown.indexOf(items[place]) / PAGE);
    draw();
    const name = names().find((one) => one.textContent === id);
    name?.click();
    name?.focus();
    name?.scrollIntoView({ block: "center" });
  };

  $("task").addEventListener("input", () => choose($("task").value));
  $("filters").addEventListener("input", filter);
  $("filters").addEventListener("submit", (event) => {
    event.preventDefault();
    names()[0]?.focus();
  });
  $("clear").addEventListener("click", () => (clear(), filter()));
  const turn = (step) => {
    state.page += step;
    draw();
    $("count").scrollIntoView();
  };
  $("previous").addEventListener("click", () => turn(-1));
  $("next").addEventListener("click", () => turn(1));
  document.addEventListener("click", (event) => {
    const find = event.target.closest?.(".find");
    if (!find) return;
    clear();
    choose("asr");
    $("model").value = String(data.models.indexOf(find.dataset.model));
    $("search").value = find.dataset.search;
    filter();
    $("clips").scrollIntoView();
  });
  window.addEventListener("hashchange", toClip);
  // Paper has no sections to open.
  const closed = [];
  window.addEventListener("beforeprint", () => {
    closed.push(...document.querySelectorAll("details:not([open])"));
    for (const part of closed) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of closed.splice(0)) part.open = false;
  });
  offer("task", choices.task, items);
  clear();
  state.sort = worstFirst();
  filter();
  toClip();
})();

// Serves a model to the engine `command`; copy it, and change `load` and `transcribe`.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

let word;

// Load the weights; return what the record should say about it.
function load(weights) {
  word = weights;
  return { compute_type: "float32" };
}

// Transcribe a WAV file: float32, mono, 16 kHz. This one writes its word once a second.
function transcribe(audio) {
  const seconds = Math.ceil(samplesOf(audio).length / 16000);
  return { text: Array(seconds).fill(word).join(" ") };
}

function samplesOf(path) {
  const file = readFileSync(path);
  let at = 12;
  while (file.toString("latin1", at, at + 4) !== "data") at += 8 + file.readUInt32LE(at + 4);
  const data = file.subarray(at + 8, at + 8 + file.readUInt32LE(at + 4));
  return new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length));
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.call === "close") break;
  const answer = { id: message.id };
  try {
    answer.result = message.call === "load" ? load(message.weights) : transcribe(message.audio, message.language);
  } catch (error) {
    answer.error = String(error);
  }
  console.log(JSON.stringify(answer));
}

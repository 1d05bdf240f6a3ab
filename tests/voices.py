"""Makes audio that is to an audit what speech is: syllables of a voice with pauses around, as float32 at 16 kHz."""

from functools import cache

import numpy as np
import soundfile

RATE = 16_000
SENTENCES = [
    "the quick brown fox jumps over the lazy dog",
    "every morning she walks along the quiet river",
    "nobody expected the train to arrive on time today",
    "fresh bread from the bakery smells wonderful",
    "the committee will publish its report next month",
    "a small boat drifted slowly towards the harbour",
    "children were playing football behind the school",
    "please remember to water the plants in my office",
]
"""Texts that an audit finds no fault with, none like another."""


def voice(seconds=3.0, *, lead=0.4, seed=0, level=0.1):
    """Four syllables a second, harmonics up to 7 kHz, a little noise, and silence of `lead` seconds at both ends."""
    rng = np.random.default_rng(seed)
    count = int(seconds * RATE)
    time = np.arange(count) / RATE
    pitch = 110 + 60 * rng.random() + 10 * np.sin(2 * np.pi * 0.7 * time + 6 * rng.random())
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    tones = sum(np.sin(number * phase) / number**0.8 for number in range(1, 40))
    syllables = np.clip(np.sin(2 * np.pi * 4 * time + 6 * rng.random()) + 0.6, 0, 1)
    spoken = level * tones / np.abs(tones).max() * syllables + rng.normal(0, 0.002, count) * syllables
    quiet = rng.normal(0, 1e-4, int(lead * RATE))
    return np.concatenate([quiet, spoken + rng.normal(0, 1e-4, count), quiet[::-1]]).astype(np.float32)


def write(path, samples, rate=RATE):
    """Write a 16-bit WAV."""
    soundfile.write(path, samples, rate, subtype="PCM_16")
    return path


def speak(path, *, seed=0):
    """Let a voice follow the text that is hidden at the beginning of a parrot's clip."""
    samples, rate = soundfile.read(path, dtype="int16")
    begin = int(0.2 * RATE)
    words = _words(len(samples) / RATE - 1.4, seed)
    samples[begin : begin + len(words)] = words[: len(samples) - begin]
    write(path, samples, rate)


@cache
def _words(seconds, seed):
    return (voice(seconds, lead=0.6, seed=seed) * 32_767).astype(np.int16)

"""A loaded LFM2-Audio: the same weights transcribe, speak and converse, as the system prompt says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrlab_pytest.errors import ModelError, TranscriptionError
from asrlab_pytest.languages import primary
from asrlab_pytest.models.engine import DialogueAgent, Recognizer, Synthesizer, Transcript
from asrlab_pytest.models.engines.lfm2.loading import load_parts
from asrlab_pytest.models.engines.lfm2.speech import SAMPLE_RATE, Text, speech_of
from asrlab_pytest.models.profile import GREEDY
from asrlab_pytest.models.spec import Device, ModelSpec
from asrlab_pytest.models.support.common import physical_cores, plain
from asrlab_pytest.models.support.torch_device import OnTorch, Randomness, empty_cache, reset_peak_memory, threads
from asrlab_pytest.tasks import Task
from asrlab_pytest.waveform import Waveform

if TYPE_CHECKING:
    import torch

HEARING_RATE = 16_000
LEAST_SAMPLES = 1600
"""The encoder takes nothing shorter than nine windows of 10 ms; shorter audio is filled up with silence."""
VOICES = {
    "us-male": "Perform TTS. Use the US male voice.",
    "us-female": "Perform TTS. Use the US female voice.",
    "uk-male": "Perform TTS. Use the UK male voice.",
    "uk-female": "Perform TTS. Use the UK female voice.",
    "japanese": "Perform TTS in japanese.",
}
"""The system prompts of the model cards; the last is that of the Japanese weights, which know no other."""
RECOGNITION_PROMPTS = {"ja": "Perform ASR in japanese."}
RECOGNITION_PROMPT = "Perform ASR."
CONVERSATION_PROMPT = "Respond with interleaved text and audio."
SAMPLING: dict[Task, dict[str, object]] = {
    "asr": {},
    "tts": {"audio_temperature": 0.8, "audio_top_k": 64},
    "conversation": {"audio_temperature": 1.0, "audio_top_k": 4},
}
"""How the next token is drawn, by the model cards; what is left out is greedy."""
SAMPLING_OPTIONS = ("text_temperature", "text_top_k", "audio_temperature", "audio_top_k")
OPTIONS: Mapping[str, object] = {
    "text_temperature": float,
    "text_top_k": int,
    "audio_temperature": float,
    "audio_top_k": int,
    "download_root": str,
    "max_new_tokens": int,
    "prompt": str,
    "seed": int,
    "threads": int,
}
CONVERSATION_TOKENS = 1024
"""The most that an answer takes, of text and of speech: about a minute."""


class Lfm2Model(OnTorch, Recognizer, Synthesizer, DialogueAgent):
    """The loaded weights. What is asked of them is the spec's task."""

    sample_rate = SAMPLE_RATE

    def __init__(self, spec: ModelSpec, folder: Path, device: Device, compute_type: str) -> None:
        self.device = device
        self.compute_type = compute_type
        self._spec = spec
        self._threads = int(spec.options.get("threads", spec.profile.threads or physical_cores()))
        self._seed = int(spec.options.get("seed", 0))
        self._sampling = _sampling(spec)
        if spec.task == "asr":
            self.decoding = _decoding(spec, self._sampling, self._threads)
        options = {name: spec.options[name] for name in ("prompt", "max_new_tokens") if name in spec.options}
        self.settings = plain({**self._sampling, **options, "seed": self._seed, "threads": self._threads})
        reset_peak_memory(device)
        self._processor, self._model = load_parts(spec, folder, device, compute_type)
        self._dialogue: Any = None

    def transcribe(self, samples: Waveform, language: str | None) -> Transcript:
        chat = self._chat(RECOGNITION_PROMPTS.get(primary(language or ""), RECOGNITION_PROMPT))
        self._hear(chat, samples)
        text = Text(self._processor.text)
        bound = 32 + 12 * len(samples) // HEARING_RATE
        for token in self._generate(self._model.generate_sequential, chat, bound):
            if token.numel() == 1:
                text.add(int(token))
        return Transcript(text=text.whole(), language=language)

    def speak(self, text: str, voice: str | None, language: str | None) -> Iterator[Waveform]:
        name = voice or ("japanese" if primary(language or "") == "ja" else next(iter(VOICES)))
        if name not in VOICES:
            raise ModelError(
                f"model {self._spec.id}: there is no voice {name!r}",
                hint=f"choose from {', '.join(VOICES)}",
            )
        return self._say(text, VOICES[name])

    def _say(self, text: str, prompt: str) -> Iterator[Waveform]:
        chat = self._chat(prompt)
        chat.add_text(text)
        self._answer_next(chat)
        speech = speech_of(self._processor, self._first_frames)
        # Three frames to a byte: a quarter of a second to a letter, and three times that to a kanji.
        for token in self._generate(self._model.generate_sequential, chat, 64 + 3 * len(text.encode())):
            if token.numel() > 1:
                yield from self._decoded(speech.add(token))
        yield from self._decoded(speech.finish())

    def begin(self, language: str | None) -> None:
        self._dialogue = None

    def respond(self, samples: Waveform) -> Iterator[str | Waveform]:
        if self._dialogue is None:
            self._dialogue = self._chat(CONVERSATION_PROMPT)
        else:
            self._dialogue.new_turn("user")
        chat = self._dialogue
        self._hear(chat, samples)
        text, speech = Text(self._processor.text), speech_of(self._processor, self._first_frames)
        tokens: list[torch.Tensor] = []
        try:
            for token in self._generate(self._model.generate_interleaved, chat, CONVERSATION_TOKENS):
                tokens.append(token)
                if token.numel() > 1:
                    yield from self._decoded(speech.add(token))
                elif piece := text.add(int(token)):
                    yield piece
            if piece := text.finish():
                yield piece
            yield from self._decoded(speech.finish())
        finally:
            _remember(chat, tokens)

    def _decoded(self, pieces: Iterator[Waveform]) -> list[Waveform]:
        """Pieces of speech, made by as many threads as all else."""
        with threads(self._threads):
            return list(pieces)

    def close(self) -> None:
        self._processor = self._model = self._dialogue = None
        empty_cache(self.device)

    @property
    def _first_frames(self) -> int:
        """As many frames of speech as the model makes before it writes on."""
        return int(self._model.conf.interleaved_n_audio)

    def _chat(self, prompt: str) -> Any:
        """A conversation with its system prompt, open for what the user says."""
        from liquid_audio import ChatState

        chat = ChatState(self._processor, codebooks=self._model.codebooks, dtype=self._dtype)
        chat.new_turn("system")
        chat.add_text(self._spec.options.get("prompt", prompt))
        chat.end_turn()
        chat.new_turn("user")
        return chat

    @property
    def _dtype(self) -> torch.dtype:
        import torch

        dtype: torch.dtype = getattr(torch, self.compute_type)
        return dtype

    def _hear(self, chat: Any, samples: Waveform) -> None:
        import numpy as np
        import torch

        padded = np.pad(samples, (0, max(0, LEAST_SAMPLES - len(samples)))).astype(np.float32)
        with threads(self._threads), torch.no_grad():
            chat.add_audio(torch.from_numpy(padded)[None], HEARING_RATE)
        self._answer_next(chat)

    def _answer_next(self, chat: Any) -> None:
        """End the user's turn and open the model's, where there is room for it.

        Raises:
            TranscriptionError: the conversation is longer than the model's context.
        """
        chat.end_turn()
        chat.new_turn("assistant")
        positions, context = chat.modality_flag.shape[1], self._model.conf.lfm.max_position_embeddings
        if positions >= context:
            raise TranscriptionError(
                f"model {self._spec.id}: what it is asked takes {positions} positions, and its context has {context}",
                hint="cut it into shorter pieces",
            )

    def _generate(self, generator: Any, chat: Any, bound: int) -> Iterator[torch.Tensor]:
        """The tokens of the answer, each when it is made. Between them, nothing of torch's process-wide state is ours.

        A text token is one number, a frame of speech one for each codebook.
        """
        bound = int(self._spec.options.get("max_new_tokens", bound))
        random = Randomness(self._seed, self.device)
        tokens = generator(**chat, max_new_tokens=bound, **self._sampling)
        while True:
            with threads(self._threads), random.drawn():
                token = next(tokens, None)
            if token is None:
                return
            yield token


def _sampling(spec: ModelSpec) -> dict[str, object]:
    """The model card's, then the model's own options; a temperature must be a float for the package."""
    sampling = {
        **SAMPLING[spec.task],
        **{name: spec.options[name] for name in SAMPLING_OPTIONS if name in spec.options},
    }
    return {name: float(value) if name.endswith("temperature") else int(value) for name, value in sampling.items()}


def _decoding(spec: ModelSpec, sampling: dict[str, object], threads: int) -> dict[str, object]:
    """The effective decoding.

    Raises:
        ModelError: the profile asks for what the model cannot do.
    """
    profile = spec.profile
    asked = {
        "a beam search": profile.beam_size not in (None, GREEDY),
        "voice activity detection": bool(profile.vad),
        "word timestamps": profile.timestamps == "word",
    }
    lacking = [name for name, wanted in asked.items() if wanted]
    if lacking:
        raise ModelError(
            f"model {spec.id}: LFM2-Audio has no {' and no '.join(lacking)}, but profile {profile.name} asks for it",
            hint=f'profile = "fair" in [tool.asrlab.models.{spec.name}]',
        )
    return {
        "beam_size": GREEDY,
        "temperature": sampling.get("text_temperature", 0.0),
        "condition_on_previous_text": False,
        "timestamps": "none",
        "vad": False,
        "threads": threads,
    }


def _remember(chat: Any, tokens: list[torch.Tensor]) -> None:
    """Add an answer to the conversation, as the model is to see it in the next turn."""
    import torch
    from liquid_audio import LFMModality

    text = [token for token in tokens if token.numel() == 1]
    audio = [token for token in tokens if token.numel() > 1]
    kinds = [LFMModality.TEXT if token.numel() == 1 else LFMModality.AUDIO_OUT for token in tokens]
    if tokens:
        chat.append(
            text=torch.stack(text, 1) if text else chat.text[:, :0],
            audio_out=torch.stack(audio, 1) if audio else chat.audio_out[:, :0],
            modality_flag=chat.modality_flag.new_tensor(kinds),
        )
    chat.end_turn()

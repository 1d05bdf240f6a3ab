"""Serves a Whisper of transformers to the engine `command`; copy it, and change `load` and `transcribe`."""

import json
import sys


class Model:
    def load(self, weights, device, settings):
        """Load the weights; return what the record shall say of it."""
        from transformers import pipeline

        self.pipe = pipeline("automatic-speech-recognition", model=weights, device=device)
        return {"device": device, "compute_type": str(self.pipe.torch_dtype).removeprefix("torch."), "max_seconds": 30}

    def transcribe(self, audio, language):
        """Transcribe a WAV file: float32, mono, 16 kHz."""
        import soundfile

        samples, _ = soundfile.read(audio, dtype="float32")
        return {"text": self.pipe(samples)["text"], "language": language}


def main():
    model = Model()
    for line in sys.stdin:
        message = json.loads(line)
        call, answer = message["call"], {"id": message["id"]}
        try:
            if call == "load":
                answer["result"] = model.load(message["weights"], message["device"], message["settings"])
            elif call == "transcribe":
                answer["result"] = model.transcribe(message["audio"], message["language"])
            else:
                break
        except Exception as error:
            answer["error"] = f"{type(error).__name__}: {error}"
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

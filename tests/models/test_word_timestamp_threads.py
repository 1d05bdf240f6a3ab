"""The threads of openai-whisper while it makes word timestamps."""


def test_threads_hold_through_word_timestamps(pair, run_python):
    """With `threads = 1` torch and numba compute in one thread before and after the first words are aligned."""
    code = f"""
        import os
        os.environ |= {{"OMP_NUM_THREADS": "2", "NUMBA_NUM_THREADS": "2"}}
        import numba, numpy as np, torch
        from whisper import timing
        from asrlab_pytest.models.engine import engine
        from asrlab_pytest.models.spec import ModelSpec

        torch.set_num_threads(2)
        spec = ModelSpec(id="mine", engine="openai-whisper", weights={str(pair("scripted").checkpoint)!r},
                         options={{"threads": 1, "word_timestamps": True}})
        recognizer = engine("openai-whisper").load(spec, "cpu")
        counts, align = [], timing.dtw
        def watched(matrix):
            result = align(matrix)
            counts.append(("aligned", torch.get_num_threads(), numba.get_num_threads()))
            return result
        timing.dtw = watched
        recognizer._model.decoder.register_forward_hook(lambda *_: counts.append(("decoded", torch.get_num_threads())))
        for _ in range(2):
            assert recognizer.transcribe(np.zeros(32000, dtype=np.float32), "en").segments[0].words
        print(sorted(set(counts)), torch.get_num_threads(), numba.get_num_threads())
    """

    assert run_python(code).strip() == "[('aligned', 1, 1), ('decoded', 1)] 2 2"

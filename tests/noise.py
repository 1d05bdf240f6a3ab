"""Encodes noise with FFmpeg, in the containers that soundfile does not write."""

import io

import av
import numpy as np

SECONDS = 4


def encoded(container, codec, rate, *, size=None, gap=(0.0, 2.0), **options):
    """Four seconds of noise in a file, whose time stamps may have a gap.

    Args:
        container: As FFmpeg names it, and so the codec.
        codec: It.
        rate: Hertz.
        size: Samples of a frame, if not those that the codec asks for.
        gap: Seconds that the time stamps leave out, and after how many.
        options: Of the container.
    """
    file = io.BytesIO()
    noise = np.random.default_rng(0).integers(-9999, 9999, (1, rate * SECONDS)).astype(np.int16)
    with av.open(file, "w", format=container, container_options=options) as output:
        stream = output.add_stream(codec, rate=rate, layout="mono")
        stream.bit_rate = 48_000
        size = size or stream.codec_context.frame_size or 960
        resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=rate, frame_size=size)
        for place in range(0, noise.shape[1], size):
            frame = av.AudioFrame.from_ndarray(noise[:, place : place + size], format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, place
            for block in resampler.resample(frame):
                block.pts += round(gap[0] * rate) if place >= gap[1] * rate else 0
                output.mux(stream.encode(block))
        output.mux(stream.encode(None))
    return file.getvalue()

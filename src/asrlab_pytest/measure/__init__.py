"""One inference, every number: text, latency, RTF, memory and the environment they were taken in."""

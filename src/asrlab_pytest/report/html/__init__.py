"""The report as one HTML file: opens from disk, needs no server, and asks the network for nothing."""

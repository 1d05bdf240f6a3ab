"""LFM2-Audio by Liquid AI."""

"""Propose entities for the references, to be reviewed in the manifest."""

from __future__ import annotations

import argparse

from asrlab_pytest.cli.corpus.source import add_corpus, named_corpus, own_language, own_manifest
from asrlab_pytest.cli.project import project
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.proposal import propose, write_proposals
from asrlab_pytest.protocols.entities import Entity
from asrlab_pytest.wording import many


def add_to(parser: argparse.ArgumentParser) -> None:
    add_corpus(parser)
    parser.add_argument(
        "--write", action="store_true", help="write them to the manifest, and keep a copy of the old one"
    )
    parser.set_defaults(action=run)


def run(options: argparse.Namespace) -> int:
    settings, _ = project()
    corpus = own_manifest(options.corpus) if options.write else named_corpus(options.corpus)
    proposed = ((clip, propose(clip, settings.entities)) for clip in corpus.samples)
    proposals = [(clip, entities) for clip, entities in proposed if entities is not None]
    for clip, entities in proposals:
        _print(clip, entities)
    count = sum(len(entities) for _, entities in proposals)
    others = "; the others have entities listed or are not marked as English"
    is_all = len(proposals) == len(corpus.samples)
    noun = "entity" if count == 1 else "entities"
    of_all = f"{len(proposals)} of {many(len(corpus.samples), 'clip')}"
    print(f"{count} {noun} proposed for {of_all}{'' if is_all else others}")
    if options.write and proposals:
        backup = write_proposals(corpus.manifest, settings.entities, own_language(options.corpus))
        print(f"wrote {corpus.manifest}; backup: {backup}")
        print("next: review and correct the entities; from now on they are the reference")
    return 0


def _print(clip: Clip, entities: tuple[Entity, ...]) -> None:
    """What is proposed for a clip, if anything is: its reference, then a line for each entity."""
    if entities:
        print(f"{clip.id}: {clip.text}")
    for entity in entities:
        print(f"  {entity.type:<8} {entity.value:<24} {entity.text}")

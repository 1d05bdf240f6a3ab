"""Propose entities for the references, to be reviewed in the manifest."""

from __future__ import annotations

import argparse

from asrlab_pytest.cli.corpus.source import add_corpus, named_corpus, own_language, own_manifest
from asrlab_pytest.cli.project import project
from asrlab_pytest.corpus.proposal import Proposal, propose, write_proposals


def add_to(parser: argparse.ArgumentParser) -> None:
    add_corpus(parser)
    parser.add_argument(
        "--write", action="store_true", help="write them to the manifest, and keep a copy of the old one"
    )
    parser.set_defaults(action=run)


def run(options: argparse.Namespace) -> int:
    settings, _ = project()
    corpus = own_manifest(options.corpus) if options.write else named_corpus(options.corpus)
    proposals = [clip_proposal for clip in corpus.samples if (clip_proposal := propose(clip, settings.entities))]
    for line in (line for proposal in proposals for line in _lines(proposal)):
        print(line)
    count = sum(len(proposal.entities) for proposal in proposals)
    others = "; the others have entities listed or are not marked as English"
    is_all = len(proposals) == len(corpus.samples)
    print(f"{count} entities proposed for {len(proposals)} of {len(corpus.samples)} clips{'' if is_all else others}")
    if options.write and proposals:
        backup = write_proposals(corpus.manifest, settings.entities, own_language(options.corpus))
        print(f"wrote {corpus.manifest}; backup: {backup}")
        print("next: review and correct the entities; from now on they are the reference")
    return 0


def _lines(proposal: Proposal) -> list[str]:
    """A clip's proposal: its reference, then a line for each entity."""
    if not proposal.entities:
        return []
    entities = [f"  {entity.type:<8} {entity.value:<24} {entity.text}" for entity in proposal.entities]
    return [f"{proposal.clip.id}: {proposal.clip.text}", *entities]

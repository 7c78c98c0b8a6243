from matching.learning.models.glossary import GlossaryProposal, GlossaryTerm, ProposalState
from matching.learning.models.judgement import Judgement, Verdict
from matching.learning.models.shown import ShownList, ShownMatch
from matching.learning.models.weights import WeightSet, WeightState

__all__ = [
    "GlossaryProposal",
    "GlossaryTerm",
    "Judgement",
    "ProposalState",
    "ShownList",
    "ShownMatch",
    "Verdict",
    "WeightSet",
    "WeightState",
]

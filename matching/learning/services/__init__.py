"""What is learnt from officers: the lists that they saw, what they judged, weights and terms that follow from it."""

from matching.learning.services.glossary import (
    TermFault,
    TermsClash,
    accept_proposal,
    faults_of,
    propose_terms,
    refuse_proposal,
    retire_proposal,
)
from matching.learning.services.judging import record_judgement, take_back
from matching.learning.services.lists import keep_list, remember_list
from matching.learning.services.weights import (
    activate_weights,
    propose_weights,
    return_to_shipped_weights,
)

__all__ = [
    "TermFault",
    "TermsClash",
    "accept_proposal",
    "activate_weights",
    "faults_of",
    "keep_list",
    "propose_terms",
    "propose_weights",
    "record_judgement",
    "refuse_proposal",
    "remember_list",
    "retire_proposal",
    "return_to_shipped_weights",
    "take_back",
]

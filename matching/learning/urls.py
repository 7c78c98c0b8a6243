from django.urls import path

from matching.learning.views import glossary, progress, quality, weights

urlpatterns = [
    path("quality/", quality.matching_quality, name="matching_quality"),
    path("progress/", progress.rescoring_progress, name="rescoring_progress"),
    path("weights/", weights.weight_sets, name="weight_sets"),
    path("weights/<int:pk>/", weights.weight_set, name="weight_set"),
    path("weights/<int:pk>/activate/", weights.activate, name="activate_weights"),
    path("weights/<int:pk>/retire/", weights.retire, name="retire_weights"),
    path("glossary/", glossary.proposals, name="glossary"),
    path("glossary/concepts/", glossary.concepts, name="glossary_concepts"),
    path("glossary/propose/", glossary.propose, name="propose_terms"),
    path("glossary/<int:pk>/", glossary.proposal, name="glossary_proposal"),
    path("glossary/<int:pk>/answer/", glossary.answer, name="answer_proposal"),
    path("glossary/<int:pk>/retire/", glossary.retire, name="retire_terms"),
]

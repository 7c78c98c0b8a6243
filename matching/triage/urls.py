from django.urls import path

from matching.triage.views import decisions, demand, finding, queue, release

urlpatterns = [
    path("", queue.whole_queue, name="whole_queue"),
    path("mine/", queue.my_queue, name="my_queue"),
    path("export/", queue.demand_export, name="demand_export"),
    path("<int:pk>/", demand.demand_detail, name="demand_detail"),
    path("<int:pk>/progress/", demand.scoring_progress, name="scoring_progress"),
    path("<int:pk>/rescore/", demand.rescore, name="rescore"),
    path("<int:pk>/history/", demand.demand_history, name="demand_history"),
    path("<int:pk>/assign/", demand.assign, name="assign"),
    path("<int:pk>/decide/", decisions.decide_many, name="decide_many"),
    path("<int:pk>/release/", release.release, name="release"),
    path("<int:pk>/find/", finding.find_technology, name="find_technology"),
    path("<int:pk>/technologies/<int:technology_pk>/", decisions.candidate, name="candidate"),
    path("<int:pk>/technologies/<int:technology_pk>/undo/", decisions.undo, name="undo"),
    path("<int:pk>/technologies/<int:technology_pk>/correct/", decisions.correct, name="correct"),
    path("<int:pk>/technologies/<int:technology_pk>/pick/", finding.pick, name="pick"),
]

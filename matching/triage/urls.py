from django.urls import path

from matching.triage import views

urlpatterns = [
    path("", views.whole_queue, name="whole_queue"),
    path("mine/", views.my_queue, name="my_queue"),
    path("<int:pk>/", views.demand_detail, name="demand_detail"),
    path("<int:pk>/progress/", views.scoring_progress, name="scoring_progress"),
    path("<int:pk>/rescore/", views.rescore, name="rescore"),
    path("<int:pk>/history/", views.demand_history, name="demand_history"),
    path("<int:pk>/assign/", views.assign, name="assign"),
    path("<int:pk>/decide/", views.decide_many, name="decide_many"),
    path("<int:pk>/release/", views.release, name="release"),
    path("<int:pk>/find/", views.find_technology, name="find_technology"),
    path("<int:pk>/technologies/<int:technology_pk>/", views.candidate, name="candidate"),
    path("<int:pk>/technologies/<int:technology_pk>/undo/", views.undo, name="undo"),
    path("<int:pk>/technologies/<int:technology_pk>/correct/", views.correct, name="correct"),
    path("<int:pk>/technologies/<int:technology_pk>/pick/", views.pick, name="pick"),
]

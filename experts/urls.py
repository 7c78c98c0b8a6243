from django.urls import path

from experts import views

urlpatterns = [
    path("", views.expert_list, name="expert_list"),
    path("new/", views.add_expert, name="add_expert"),
    path("export/", views.expert_export, name="expert_export"),
    path("<int:pk>/", views.expert_detail, name="expert_detail"),
    path("<int:pk>/edit/", views.edit_expert, name="edit_expert"),
    path("<int:pk>/history/", views.expert_history, name="expert_history"),
    path("<int:pk>/retire/", views.retire_expert, name="retire_expert"),
    path("<int:pk>/restore/", views.restore_expert, name="restore_expert"),
]

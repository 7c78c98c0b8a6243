from django.urls import path

from matching.catalogue.upkeep import views

urlpatterns = [
    path("upkeep/", views.technology_upkeep, name="technology_upkeep"),
    path("export/", views.technology_export, name="technology_export"),
    path("upkeep/export/", views.upkeep_export, name="technology_upkeep_export"),
    path("new/", views.add_technology, name="add_technology"),
    path("<int:pk>/edit/", views.edit_technology, name="edit_technology"),
    path("<int:pk>/preview/", views.technology_preview, name="technology_preview"),
    path("<int:pk>/history/", views.technology_history, name="technology_history"),
    path("<int:pk>/publish/", views.publish_technology, name="publish_technology"),
    path("<int:pk>/retire/", views.retire_technology, name="retire_technology"),
    path("<int:pk>/restore/", views.restore_technology, name="restore_technology"),
    path("<int:pk>/pictures/add/", views.add_technology_picture, name="add_technology_picture"),
    path(
        "<int:pk>/pictures/<int:picture_pk>/remove/", views.remove_technology_picture, name="remove_technology_picture"
    ),
]

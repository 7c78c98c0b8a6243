from django.urls import path

from projects.funded import views

urlpatterns = [
    path("new/", views.add_project, name="add_project"),
    path("<int:pk>/edit/", views.edit_project, name="edit_project"),
    path("<int:pk>/retire/", views.retire_project, name="retire_project"),
    path("<int:pk>/restore/", views.restore_project, name="restore_project"),
    path("amount/", views.amount_reading, name="amount_reading"),
]

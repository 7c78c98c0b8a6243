from django.urls import path

from matching.demands import views

urlpatterns = [
    path("new/", views.add_demand, name="add_demand"),
    path("<int:pk>/edit/", views.edit_demand, name="edit_demand"),
]

from django.urls import path

from matching.demands.views import officer

urlpatterns = [
    path("new/", officer.add_demand, name="add_demand"),
    path("<int:pk>/edit/", officer.edit_demand, name="edit_demand"),
]

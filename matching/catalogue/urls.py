from django.urls import path

from matching.catalogue import views

urlpatterns = [
    path("", views.technology_list, name="technology_list"),
    path("<int:pk>/", views.technology_detail, name="technology_detail"),
]

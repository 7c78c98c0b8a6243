from django.urls import include, path

urlpatterns = [
    path("", include("projects.results.urls")),
    path("", include("projects.funded.urls")),
]

from django.urls import path

from cooperation_portal.work import views

urlpatterns = [
    path("failed/", views.failed_work, name="failed_work"),
    path("failed/retry/", views.retry_all_work, name="retry_all_work"),
    path("failed/<int:pk>/retry/", views.retry_work, name="retry_work"),
]

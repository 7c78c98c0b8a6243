from django.urls import path

from cooperation_portal.exchange import views

urlpatterns = [
    path("", views.import_list, name="import_list"),
    path("new/", views.new_import, name="new_import"),
    path("template/<slug:name>/", views.import_template, name="import_template"),
    path("<int:pk>/", views.import_detail, name="import_detail"),
    path("<int:pk>/progress/", views.import_progress, name="import_progress"),
    path("<int:pk>/confirm/", views.confirm_import, name="confirm_import"),
    path("<int:pk>/cancel/", views.cancel_import, name="cancel_import"),
    path("<int:pk>/retry/", views.retry_import, name="retry_import"),
    path("<int:pk>/errors/<int:file_pk>/", views.import_errors, name="import_errors"),
]

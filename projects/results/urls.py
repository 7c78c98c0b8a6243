from django.urls import path

from projects.results.views import company, entry, register

urlpatterns = [
    path("", register.project_list, name="project_list"),
    path("export/", register.project_export, name="project_export"),
    path("<int:pk>/", register.project_detail, name="project_detail"),
    path("<int:pk>/history/", register.project_history, name="project_history"),
    path("<int:pk>/result/", entry.edit_result, name="edit_result"),
    path("<int:pk>/result/preview/", entry.result_preview, name="result_preview"),
    path("<int:pk>/result/finalise/", entry.finalise_result, name="finalise_result"),
    path("<int:pk>/result/reopen/", entry.reopen_result, name="reopen_result"),
    path("<int:pk>/result/figures/new/", entry.add_figure, name="add_figure"),
    path("<int:pk>/result/figures/<int:figure_pk>/", entry.edit_figure, name="edit_figure"),
    path("<int:pk>/result/figures/<int:figure_pk>/remove/", entry.remove_figure, name="remove_figure"),
    path("<int:pk>/result/pictures/new/", entry.add_result_picture, name="add_result_picture"),
    path("<int:pk>/result/pictures/<int:picture_pk>/", company.result_picture, name="result_picture"),
    path(
        "<int:pk>/result/pictures/<int:picture_pk>/remove/",
        entry.remove_result_picture,
        name="remove_result_picture",
    ),
    path("mine/", company.my_projects, name="my_projects"),
    path("mine/<int:pk>/", company.my_project, name="my_project"),
]

from django.urls import include, path

from matching.catalogue import views

urlpatterns = [
    path("", views.technology_list, name="technology_list"),
    path("bookmarks/", views.bookmark_list, name="bookmark_list"),
    path("<int:pk>/", views.technology_detail, name="technology_detail"),
    path("<int:pk>/bookmark/", views.add_bookmark, name="add_bookmark"),
    path("<int:pk>/bookmark/remove/", views.remove_bookmark, name="remove_bookmark"),
    path("<int:pk>/pictures/<int:picture_pk>/", views.technology_picture, name="technology_picture"),
    path("", include("matching.catalogue.upkeep.urls")),
]

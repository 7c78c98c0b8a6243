from django.urls import path

from cooperation_portal.pages.views import inquiries, public, upkeep

urlpatterns = [
    path("announcements/", public.announcement_list, name="announcement_list"),
    path("announcements/<int:pk>/", public.announcement, name="announcement"),
    path("faq/", public.faq, name="faq"),
    path("help/<slug:topic>/", public.help_page, name="help_page"),
    path("inquiry/", inquiries.inquiry, name="inquiry"),
    path("inquiries/", inquiries.inquiry_list, name="inquiry_list"),
    path("inquiries/<int:pk>/", inquiries.answer_inquiry, name="answer_inquiry"),
    path("upkeep/", upkeep.page_upkeep, name="page_upkeep"),
    path("upkeep/announcements/new/", upkeep.add_announcement, name="add_announcement"),
    path("upkeep/questions/new/", upkeep.add_question, name="add_question"),
    path("upkeep/<int:pk>/history/", upkeep.page_history, name="page_history"),
    path("upkeep/<int:pk>/withdraw/", upkeep.withdraw_page, name="withdraw_page"),
    path("upkeep/<int:pk>/restore/", upkeep.restore_page, name="restore_page"),
    path("upkeep/<int:pk>/move/", upkeep.move_question, name="move_question"),
    path("upkeep/<int:pk>/<slug:language>/", upkeep.edit_page, name="edit_page"),
    path("upkeep/<int:pk>/<slug:language>/publish/", upkeep.publish_page, name="publish_page"),
    path("upkeep/<int:pk>/<slug:language>/discard/", upkeep.discard_draft, name="discard_draft"),
    # Last: what is not named above is the name of a page.
    path("<slug:slug>/", public.page, name="page"),
    path("<slug:slug>/<slug:language>/<int:number>/", public.page_version, name="page_version"),
]

from django.urls import path

from cooperation_portal.network.joining.views import company, invitation, officers, own_requests, people

urlpatterns = [
    path("", company.company_home, name="company_home"),
    path("edit/", company.edit_own_company, name="edit_own_company"),
    path("choose/", company.choose_company, name="choose_company"),
    # Becoming one of a company's people
    path("join/", own_requests.join_company, name="join_company"),
    path("join/<int:pk>/details/", own_requests.join_details, name="join_details"),
    path("join/<int:pk>/withdraw/", own_requests.withdraw_join, name="withdraw_join"),
    path("invitation/<slug:token>/", invitation.accept_invitation, name="accept_invitation"),
    # What an owner decides
    path("requests/<int:pk>/", people.decide_join, name="decide_join"),
    path("invitations/new/", people.invite_colleague, name="invite_colleague"),
    path("invitations/<int:pk>/revoke/", people.revoke_invitation, name="revoke_invitation"),
    path("people/<int:pk>/role/", people.change_membership, name="change_membership"),
    path("people/<int:pk>/end/", people.end_membership, name="end_membership"),
    # What an officer decides
    path("join-requests/", officers.join_request_list, name="join_request_list"),
    path("join-requests/<int:pk>/", officers.confirm_join, name="confirm_join"),
]

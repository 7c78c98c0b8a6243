"""Addresses of a company's own demands; those of filing come from the app below."""

from django.urls import path

from matching.demands.views import filing
from matching.triage.views import company

urlpatterns = [
    path("", company.my_demands, name="my_demands"),
    path("new/", filing.new_demand, name="new_demand"),
    path("<int:pk>/", company.my_demand, name="my_demand"),
    path("<int:pk>/steps/<slug:step>/", filing.demand_step, name="demand_step"),
    path("<int:pk>/submit/", filing.submit_demand, name="submit_demand"),
    path("<int:pk>/discard/", filing.discard_demand, name="discard_demand"),
    path("<int:pk>/progress/", company.my_demand_progress, name="my_demand_progress"),
    path("<int:pk>/withdraw/", company.withdraw_demand, name="withdraw_demand"),
    path("<int:pk>/answers/<int:technology_pk>/", company.answer_recommendation, name="answer_recommendation"),
]

from django.urls import path

from cooperation_portal.network.views import company, institution

urlpatterns = [
    path("institutions/", institution.institution_list, name="institution_list"),
    path("institutions/add/", institution.add_institution, name="add_institution"),
    path("institutions/export/", institution.institution_export, name="institution_export"),
    path("institutions/doubles/", institution.institution_doubles, name="institution_doubles"),
    path("institutions/<int:pk>/", institution.institution_detail, name="institution_detail"),
    path("institutions/<int:pk>/edit/", institution.edit_institution, name="edit_institution"),
    path("institutions/<int:pk>/retire/", institution.retire_institution, name="retire_institution"),
    path("institutions/<int:pk>/restore/", institution.restore_institution, name="restore_institution"),
    path("institutions/<int:pk>/history/", institution.institution_history, name="institution_history"),
    path("institutions/<int:pk>/merge/<int:other_pk>/", institution.merge_institutions, name="merge_institutions"),
    path("companies/", company.company_list, name="company_list"),
    path("companies/add/", company.add_company, name="add_company"),
    path("companies/export/", company.company_export, name="company_export"),
    path("companies/doubles/", company.company_doubles, name="company_doubles"),
    path("companies/<int:pk>/", company.company_detail, name="company_detail"),
    path("companies/<int:pk>/edit/", company.edit_company, name="edit_company"),
    path("companies/<int:pk>/retire/", company.retire_company, name="retire_company"),
    path("companies/<int:pk>/restore/", company.restore_company, name="restore_company"),
    path("companies/<int:pk>/history/", company.company_history, name="company_history"),
    path("companies/<int:pk>/merge/<int:other_pk>/", company.merge_companies, name="merge_companies"),
]

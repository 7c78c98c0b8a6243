import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation_portal.pages.models import Category, Inquiry, InquiryState


class InquiryFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="find", label=_("찾는 말 (제목·내용·이름·번호)"))
    state = django_filters.ChoiceFilter(choices=InquiryState, label=_("상태"), empty_label=_("전체"))
    category = django_filters.ChoiceFilter(choices=Category, label=_("분류"), empty_label=_("전체"))

    class Meta:
        model = Inquiry
        fields: list[str] = []

    def find(self, inquiries: QuerySet[Inquiry], name: str, words: str) -> QuerySet[Inquiry]:
        for word in words.split()[:8]:
            found = Q(subject__icontains=word) | Q(text__icontains=word) | Q(name__icontains=word)
            found |= Q(company__icontains=word)
            number = word.upper().removeprefix("Q-")
            if number.isdecimal() and len(number) <= 9:
                found |= Q(pk=int(number))
            inquiries = inquiries.filter(found)
        return inquiries
